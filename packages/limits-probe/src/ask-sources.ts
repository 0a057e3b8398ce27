import { failure, type Account, type Clock, type EpochMs } from "@open-multi-auth/domain";
import { describeFailure } from "./describe.ts";
import type { ProbeError } from "./errors.ts";
import type { ProbeOutcome } from "./outcome.ts";
import type { ProbeAttempt, ProbeRunner } from "./runner.ts";

/** How far a probe may go. */
export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Whether a source that costs quota may be asked, by the time its turn comes. */
  readonly maySpendQuota: () => boolean;
}

/**
 * Asks the sources in order until one has a reading. A failure that says the same of every source (no token, no
 * network, a refused login) ends the walk: asking on would only take time, and quota at the end.
 */
export async function askSources(
  account: Account,
  options: ProbeOptions,
  { runners, clock }: { readonly runners: readonly ProbeRunner[]; readonly clock: Clock },
): Promise<ProbeOutcome> {
  const failures: {
    readonly startedAt: EpochMs;
    readonly attempt: ProbeAttempt;
    readonly error: ProbeError;
  }[] = [];
  for (const runner of runners) {
    if (runner.spendsQuota && !options.maySpendQuota()) continue;
    const startedAt = clock.now();
    const attempt = await runner.run(account, options.signal);
    const outcome = { source: attempt.source, startedAt, finishedAt: clock.now(), ...loginOf(attempt) };
    if (attempt.result.isOk()) return { ...outcome, kind: "success", reading: attempt.result.value };
    if (options.signal.aborted) return { ...outcome, kind: "stopped" };
    failures.push({ startedAt, attempt, error: attempt.result.error });
    if (!isOfThisSource(attempt.result.error)) break;
  }
  const [first] = failures;
  // A source that this machine lacks is no answer: what was really asked tells more.
  const last = failures.findLast(({ error }) => error.code !== "PROBE_SOURCE_UNAVAILABLE") ?? failures.at(-1);
  if (!first || !last) throw new Error("a probe without a source");
  return {
    kind: "failure",
    source: last.attempt.source,
    startedAt: first.startedAt,
    finishedAt: clock.now(),
    ...loginOf(last.attempt),
    error: failures.length === 1 ? last.error : allFailed(failures),
  };
}

/** Whether another source may know more. */
function isOfThisSource(error: ProbeError): boolean {
  if (error.code === "PROBE_TOKEN_UNAVAILABLE") return false;
  // The account's own state; any other refusal may be of the client that asked.
  if (error.code === "PROBE_REFUSED") return ![401, 402].includes(error.details.status);
  // Without a status nothing was reached; another way would not reach it either.
  if (error.code === "PROBE_UNANSWERED") return ![undefined, 429].includes(error.details.status);
  return true;
}

const loginOf = ({ login }: ProbeAttempt): { login?: string } => (login === undefined ? {} : { login });

function allFailed(
  failures: readonly { readonly attempt: ProbeAttempt; readonly error: ProbeError }[],
): ProbeError {
  // Two sources that lack the same program need not say so twice.
  const told = failures.filter(
    ({ error }, index) =>
      error.code !== "PROBE_SOURCE_UNAVAILABLE" ||
      failures.findIndex((other) => other.error.message === error.message) === index,
  );
  const words = told.map(({ attempt, error }) => describeFailure(attempt.source, error));
  return failure("PROBE_SOURCES_FAILED", words.join("; "), { attempts: failures.map(({ error }) => error) });
}
