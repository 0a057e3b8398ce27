import { after, type Account, type AccountId, type Clock, type EpochMs } from "@open-multi-auth/domain";
import { aborted } from "./aborted.ts";
import { askSources, type ProbeOptions } from "./ask-sources.ts";
import type { ProbeOutcome } from "./outcome.ts";
import type { LimitsBook, ProbeLease } from "./ports.ts";
import type { ProbeRunner } from "./runner.ts";

/** Longer than any probe takes: whoever waits gets the other's reading. */
const LEASE_MS = 180_000;
const CLOCK_SLACK_MS = 1_000;

/** What came of asking for a probe. */
export type ProbeReport =
  | { readonly kind: "probed"; readonly outcome: ProbeOutcome }
  /** The answer counts for nothing: meanwhile the account got another login, a newer answer, or was removed. */
  | { readonly kind: "void" }
  /** Another process has probed since; its reading stands in the store. */
  | { readonly kind: "known" }
  /** Not asked at all; `busy`: another process has been at it for minutes. */
  | { readonly kind: "skipped"; readonly reason: "disabled" | "removed" | "stopped" | "busy" };

/** What {@link createProber} is made of. */
export interface ProberDeps {
  /** Cheapest first. */
  readonly runners: readonly ProbeRunner[];
  readonly book: LimitsBook;
  readonly lease: ProbeLease;
  readonly clock: Clock;
}

/** Probes one account, if it is not known since `unlessSince`. Never rejects. */
export type Prober = (
  id: AccountId,
  options: ProbeOptions & { readonly unlessSince: EpochMs },
) => Promise<ProbeReport>;

/**
 * Builds the {@link Prober}: one probe of an account at a time over all processes, none of a disabled account.
 *
 * Where a claim cannot be made at all, on a full disk say, the account is probed without one.
 */
export function createProber(deps: ProberDeps): Prober {
  const { book, lease } = deps;
  return async (id, options) => {
    const before = stateOf(book, id);
    if (before !== undefined) return before;
    const waiting = lease.acquire(id, LEASE_MS);
    const held = await Promise.race([waiting, aborted(options.signal)]);
    if (held === "aborted") {
      // The claim may come yet; nobody needs it any more.
      void waiting.map((late) => late.release());
      return { kind: "skipped", reason: "stopped" };
    }
    // Someone probes it for so long that he may be at a model turn: a second one would be spent for nothing.
    if (held.isErr() && held.error.code === "LEASE_HELD") return { kind: "skipped", reason: "busy" };
    try {
      await book.reload();
      return stateOf(book, id) ?? (await probe(id, options, deps));
    } finally {
      if (held.isOk()) await held.value.release();
    }
  };
}

async function probe(
  id: AccountId,
  options: ProbeOptions & { readonly unlessSince: EpochMs },
  { runners, book, clock }: ProberDeps,
): Promise<ProbeReport> {
  const account = book.account(id);
  if (!account) return { kind: "skipped", reason: "removed" };
  if (isKnown(account, options, clock.now())) return { kind: "known" };
  const outcome = await askSources(account, options, { runners, clock });
  return (await book.record(id, outcome)) ? { kind: "probed", outcome } : { kind: "void" };
}

/** Whether another process has asked since; where this one may go further, its failure is no answer. */
function isKnown(account: Account, options: ProbeOptions & { unlessSince: EpochMs }, now: EpochMs): boolean {
  const failedAt = options.maySpendQuota() ? undefined : account.lastLimitErrorAt;
  return [account.lastLimitProbeAt, failedAt].some(
    // What claims to be of the future is of a clock that was wrong.
    (at) => at !== undefined && at >= options.unlessSince && at <= after(now, CLOCK_SLACK_MS),
  );
}

function stateOf(book: LimitsBook, id: AccountId): ProbeReport | undefined {
  const account = book.account(id);
  if (!account) return { kind: "skipped", reason: "removed" };
  return account.enabled ? undefined : { kind: "skipped", reason: "disabled" };
}
