import { sessionId, type Account, type Strategy } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { replayed } from "../test/replayed.ts";
import { scripted, type Move } from "../test/scripted.ts";

const limited: Move = () =>
  Response.json({ error: { type: "usage_limit_reached", resets_in_seconds: 600 } }, { status: 429 });
const STRATEGIES: readonly Strategy[] = [
  "round-robin",
  "least-used",
  "random",
  "weighted-round-robin",
  "headroom",
];

describe("the replay of a decision record", () => {
  it.each(STRATEGIES)(
    "OBS-01: holds all that %s read: the choice can be made again",
    async (rotationStrategy) => {
      let draws = 0;
      const random = { next: () => (draws += 0.37) % 1 };
      const { connector, pool, records, clock } = scripted(
        { a: [200], b: [limited, 200], c: [503, 200], d: [402], e: [200], f: [200] },
        {
          deps: { random },
          settings: { rotationStrategy, accountWeights: { a: 0.2, c: 0.7 }, reservePercent: { e: 5 } },
        },
      );
      pool.change("a", (account) => ({ ...account, usageCount: 50 }));
      pool.change("f", (account) => ({ ...account, enabled: false }));
      pool.change("e", (account) => ({ ...account, ...observing(4, clock.now()) }));
      for (let turn = 0; turn < 12; turn += 1) {
        const asked = { ...prompt(), sessionId: sessionId(`ses_${turn % 5}`) };
        await (await connector.handle(asked))._unsafeUnwrap().text();
      }
      for (const record of records) {
        const again = replayed(record);
        expect(again.kind === "use" && record.why.startsWith(again.why)).toBe(true);
        expect(again.kind === "use" && again.account.alias).toBe(record.attempts[0]?.alias);
        expect(again.candidates.map(({ alias, eligible }) => ({ alias, eligible }))).toEqual(
          record.candidates.map(({ alias, eligible }) => ({ alias, eligible })),
        );
      }
      expect(new Set(records.map(({ why }) => why)).size).toBeGreaterThan(2);
    },
  );

  it("CON-13, OBS-01: tells a conversation that stays on a busy account from its sub-agent, which does not", async () => {
    const { connector, pool, records, sent, clock } = scripted({ a: [200], b: [200] });
    pool.change("b", (account) => ({ ...account, enabled: false }));
    const ask = async (name: string, parent?: string) => {
      const parentSessionId = parent === undefined ? {} : { parentSessionId: sessionId(parent) };
      const asked = { ...prompt(), sessionId: sessionId(name), ...parentSessionId };
      return (await connector.handle(asked))._unsafeUnwrap();
    };
    await (await ask("ses_main")).text();
    pool.change("b", (account) => ({ ...account, enabled: true }));
    pool.change("a", (account) => ({ ...account, concurrency: { cap: 1, refusedAt: clock.now() } }));
    const underWay = await ask("ses_main");
    const stays = await ask("ses_main");
    const child = await ask("ses_child", "ses_main");
    for (const answer of [underWay, stays, child]) await answer.text();
    expect(sent).toEqual(["a", "a", "a", "b"]);
    for (const record of records) {
      const again = replayed(record);
      expect(again.kind === "use" && again.account.alias).toBe(record.attempts[0]?.alias);
      expect(again.candidates.map(({ eligible }) => eligible)).toEqual(
        record.candidates.map(({ eligible }) => eligible),
      );
    }
  });
});

function observing(remaining: number, at: Account["addedAt"]): Pick<Account, "observed"> {
  return { observed: { at, fiveHour: { remaining, resetAt: null, windowMinutes: 300, updatedAt: at } } };
}
