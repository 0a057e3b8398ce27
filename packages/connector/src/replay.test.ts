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
});

function observing(remaining: number, at: Account["addedAt"]): Pick<Account, "observed"> {
  return { observed: { at, fiveHour: { remaining, resetAt: null, windowMinutes: 300, updatedAt: at } } };
}
