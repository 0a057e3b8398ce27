/** One thing that happens to the pool in a step. */
export type Happening =
  | {
      readonly kind: "server-fault";
      readonly alias: string;
      readonly fault: "server-error" | "overload" | "reset";
    }
  /** Every access token of the account is refused from now on. */
  | { readonly kind: "token-revoked"; readonly alias: string }
  | { readonly kind: "probe"; readonly alias: string; readonly fails: boolean }
  | { readonly kind: "token-fault"; readonly alias: string }
  | { readonly kind: "crash" }
  | { readonly kind: "force" }
  /** Every worker changes every account at the same moment. */
  | { readonly kind: "tag"; readonly round: number };

/** Accounts that run out every few hours, and one that never does: somebody can always serve. */
export const MORTAL = ["amber", "blue", "coral"] as const;
export const ENDLESS = "delta";
export const ALIASES: readonly string[] = [...MORTAL, ENDLESS];

export const HOURS = 48;
export const STEPS_PER_HOUR = 4;
export const STEPS: number = HOURS * STEPS_PER_HOUR;
export const STEP_MS: number = 3_600_000 / STEPS_PER_HOUR;
export const TAG_ROUNDS = 10;
const FORCED_AT = 10;

/** What happens in a step: the same in every run with this seed. */
export function happeningsOf(step: number, seed: number): Happening[] {
  const random = randomOf(seed * 100_003 + step);
  const mortal = (): string => MORTAL[Math.floor(random() * MORTAL.length)] ?? ENDLESS;
  const chance = (share: number): boolean => random() < share;
  const happenings: Happening[] = [];
  if (chance(0.15)) {
    const fault = (["server-error", "overload", "reset"] as const)[Math.floor(random() * 3)] ?? "reset";
    happenings.push({ kind: "server-fault", alias: mortal(), fault });
  }
  if (chance(0.05)) happenings.push({ kind: "token-revoked", alias: chance(0.3) ? ENDLESS : mortal() });
  if (chance(0.03)) happenings.push({ kind: "token-fault", alias: mortal() });
  if (chance(0.15)) happenings.push({ kind: "probe", alias: mortal(), fails: chance(0.5) });
  if (step % (8 * STEPS_PER_HOUR) === 3 * STEPS_PER_HOUR + 1) happenings.push({ kind: "crash" });
  if (step === FORCED_AT * STEPS_PER_HOUR) happenings.push({ kind: "force" });
  const every = Math.floor(STEPS / TAG_ROUNDS);
  if (step % every === 0 && step / every < TAG_ROUNDS) happenings.push({ kind: "tag", round: step / every });
  return happenings;
}

/** Chance that is the same in every run with this seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
