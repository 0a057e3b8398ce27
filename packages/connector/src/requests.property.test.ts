import { epochMs, sessionId, type Account, type EpochMs, type Strategy } from "@open-multi-auth/domain";
import { eligibility } from "@open-multi-auth/scheduler";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { replayed } from "../test/replayed.ts";
import { event, scripted, streamed, type Move, type Scripted } from "../test/scripted.ts";

const STRATEGIES: readonly Strategy[] = [
  "round-robin",
  "least-used",
  "random",
  "weighted-round-robin",
  "headroom",
];
const usageLimit: Move = () =>
  Response.json({ error: { type: "usage_limit_reached", resets_in_seconds: 600 } }, { status: 429 });
const burst: Move = () => new Response("{}", { status: 429, headers: { "retry-after": "2" } });
const reset: Move = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
const model: Move = () =>
  Response.json(
    { detail: "The 'x' model is not supported when using Codex with a ChatGPT account." },
    { status: 400 },
  );
const overloaded: Move = () =>
  streamed(
    event("response.created") +
      event("response.failed", { response: { error: { code: "server_is_overloaded" } } }),
  );

const moves = fc.array(
  fc.constantFrom<Move>(200, 200, 200, 500, 402, usageLimit, burst, reset, model, overloaded),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const condition = fc.constantFrom<(now: EpochMs) => Partial<Account>>(
  () => ({}),
  () => ({}),
  () => ({ enabled: false }),
  () => ({ authInvalid: true, authInvalidReason: "no-token" }),
  (now) => ({ rateLimitedUntil: epochMs(now + 90_000) }),
  (now) => ({
    rateLimitedUntil: epochMs(now + 900_000),
    rateLimitedAt: epochMs(now - 600_000),
    quotaRefusedAt: epochMs(now - 600_000),
  }),
  (now) => ({
    health: {
      state: "down",
      failures: 3,
      successes: 0,
      since: now,
      rest: { from: now, until: epochMs(now + 60_000) },
    },
  }),
);
const scene = fc.record({
  accounts: fc.array(fc.record({ moves, condition }), { minLength: 1, maxLength: 5 }),
  requests: fc.array(
    fc.record({
      session: fc.nat(2),
      wait: fc.constantFrom(0, 0, 500, 5_000, 400_000),
      forced: fc.option(fc.nat(4)),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  strategy: fc.constantFrom(...STRATEGIES),
  budget: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
});
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;

describe("requests, whatever the accounts do", () => {
  it("FAI-05, CON-08: send only where they may, end with one reason each, and can be replayed", async () => {
    await expect(fc.assert(fc.asyncProperty(scene, play), { numRuns: 150 })).resolves.toBeUndefined();
  });
});

async function play({ accounts, requests, strategy, budget, seed }: Scene): Promise<void> {
  let draw = seed;
  const random = { next: () => (draw = (draw * 48_271 + 11) % 2_147_483_647) / 2_147_483_647 };
  const names = accounts.map((_, index) => "abcde"[index] ?? "");
  const stage = scripted(Object.fromEntries(accounts.map((one, index) => [names[index], one.moves])), {
    settings: { rotationStrategy: strategy, maxTransientAttempts: budget },
    deps: { random },
  });
  for (const [index, { condition: change }] of accounts.entries())
    stage.pool.change(names[index] ?? "", (account) => ({ ...account, ...change(stage.clock.now()) }));

  for (const { session, wait, forced } of requests) {
    stage.clock.offsetMs += wait;
    const target = forced === null ? undefined : names[forced];
    const alias = target === undefined ? undefined : stage.pool.account(target).alias;
    stage.pool.forced = alias === undefined ? null : { alias, until: epochMs(stage.clock.now() + 60_000) };
    await ask(stage, `ses_${session}`, target);
  }
}

async function ask(stage: Scripted, session: string, forced: string | undefined): Promise<void> {
  const { connector, pool, sent, records } = stage;
  const { usable, eligible } = usableNow(stage);
  const before = sent.length;
  const asked = { ...prompt(), sessionId: sessionId(session), model: "x" };
  const result = await connector.handle(asked);
  if (result.isOk()) await result.value.text();

  const tried = sent.slice(before);
  expect(new Set(tried).size).toBe(tried.length);
  for (const alias of tried) expect(usable).toContain(alias);
  if (forced !== undefined && tried.length > 0)
    expect(tried[0] === forced && eligible.includes(forced)).toBe(eligible.includes(forced));
  if (result.isErr())
    expect(Object.keys(result.error.details.reasons).toSorted()).toEqual(
      pool.snapshot().state.accounts.map(({ alias }) => alias),
    );
  expect(pool.underWay()).toBe(0);
  const record = records.at(-1);
  const again = record && replayed(record);
  expect(again?.kind === "use" ? again.account.alias : undefined).toBe(record?.attempts[0]?.alias);
}

/** Where a request may go now: eligible accounts, else those of the last resort, else those due for a trial. */
function usableNow({ pool, clock }: Scripted): { usable: readonly string[]; eligible: readonly string[] } {
  const { accounts, settings } = pool.snapshot().state;
  const judged = accounts.map((account) => ({
    alias: String(account.alias),
    ...eligibility(account, { model: "x", settings, now: clock.now() }),
  }));
  const named = (pick: (one: (typeof judged)[number]) => boolean): readonly string[] =>
    judged.filter(pick).map(({ alias }) => alias);
  const eligible = named((one) => one.eligible);
  const spare = named((one) => one.spare === true);
  const trial = named((one) => one.trial === true);
  return { eligible, usable: [eligible, spare, trial].find((some) => some.length > 0) ?? [] };
}
