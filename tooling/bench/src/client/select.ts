import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  SETTINGS_DEFAULTS,
  type Account,
  type Strategy,
} from "@open-multi-auth/domain";
import { select, type SelectionState } from "@open-multi-auth/scheduler";

import { finish } from "./task.ts";

/** How many accounts to choose from, and how often. */
export interface SelectTask {
  readonly accounts: number;
  readonly samples: number;
}

/** Outcome of this client: microseconds per call, by strategy. */
export type SelectSamples = Readonly<Record<Strategy, readonly number[]>>;

const task: SelectTask = JSON.parse(process.argv[2] ?? "null");
const NOW = epochMs(1_800_000_000_000);
const random = { next: () => Math.random() };

finish({
  "round-robin": sample("round-robin"),
  "least-used": sample("least-used"),
  random: sample("random"),
  "weighted-round-robin": sample("weighted-round-robin"),
  headroom: sample("headroom"),
} satisfies SelectSamples);

/** Each call on its own, with the clock's price in it; rotation goes on from call to call. */
function sample(rotationStrategy: Strategy): readonly number[] {
  let state = poolWith(rotationStrategy);
  const samples: number[] = [];
  for (let call = -task.samples; call < task.samples; call += 1) {
    const start = performance.now();
    const selection = select(state, { model: "gpt-5.5" }, NOW, random);
    const elapsed = performance.now() - start;
    if (call >= 0) samples.push(elapsed * 1_000);
    if (selection.kind === "use") state = { ...state, rotation: selection.rotation };
  }
  return samples;
}

function poolWith(rotationStrategy: Strategy): SelectionState {
  return {
    accounts: Array.from({ length: task.accounts }, (_, number) => accountOf(number)),
    settings: { ...SETTINGS_DEFAULTS, rotationStrategy },
    rotation: { cursor: 0, starts: 0, current: {} },
    forced: null,
  };
}

/** An account that has served for a while, and knows its limits. */
function accountOf(number: number): Account {
  const alias = parseAlias(`account-${number}`)._unsafeUnwrap();
  const id = accountId(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
  const credential = { accessToken: "access", refreshToken: "refresh", expiresAt: epochMs(NOW + 3_600_000) };
  const window = (windowMinutes: number, remaining: number) => ({
    remaining,
    windowMinutes,
    resetAt: epochMs(NOW + windowMinutes * 30_000),
    updatedAt: NOW,
  });
  return {
    ...newAccount(id, alias, { ...credential, source: "codex" }, epochMs(NOW - 1_000_000 + number)),
    usageCount: 100 + number,
    observed: {
      fiveHour: window(300, 95 - (number % 20) * 2),
      weekly: window(10_080, 80 - (number % 20)),
      at: NOW,
    },
  };
}
