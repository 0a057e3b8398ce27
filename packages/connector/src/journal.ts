import type {
  Account,
  AccountId,
  Alias,
  DecisionRecord,
  EpochMs,
  FailoverReason,
  Model,
  RequestId,
  RequestOutcome,
  VerdictKind,
} from "@open-multi-auth/domain";
import type { Candidate, Selection } from "@open-multi-auth/scheduler";
import type { ModelRequest } from "./model-request.ts";
import type { PoolSnapshot } from "./ports.ts";
import { replayOf, type Read } from "./replay.ts";

/** A selection and all that it was made from. */
export interface Choice {
  pool: PoolSnapshot;
  selectedAt: EpochMs;
  /** The account that the conversation lives on, or its parent's. */
  bound: AccountId | undefined;
  /** The account that the conversation itself lives on. */
  home: AccountId | undefined;
  /** The numbers that it drew. */
  draws: readonly number[];
  selection: Selection;
}

/** What has happened to a request so far: what its decision record is made from. */
export interface Journal extends Choice {
  readonly requestId: RequestId;
  readonly at: EpochMs;
  readonly request: ModelRequest;
  readonly model: Model | undefined;
  readonly attempts: { alias: Alias; verdict: VerdictKind; status?: number; ms: number }[];
  firstByteMs: number | null;
}

/** How a request ended. */
export interface Ending {
  readonly outcome: RequestOutcome;
  readonly served: Account | null;
  readonly reasons: ReadonlyMap<string, FailoverReason>;
  readonly now: EpochMs;
}

/**
 * The decision record of a finished request: plain data without prompt text, tokens or e-mail addresses. It becomes JSON
 * only when that is asked for, so that no client waits for it, and until then it keeps nothing of what the request said.
 *
 * What it says of each account is put together from texts: nearly all of it is the same in every record, and by far the
 * largest part of one.
 */
export function decisionRecord(journal: Journal, { outcome, served, reasons, now }: Ending): () => string {
  const { requestId, at, request, model, selection, attempts, firstByteMs } = journal;
  const { pool, selectedAt, draws, bound, home } = journal;
  const { forced, settings } = pool.state;
  const fallback = movedBecause(selection, served, reasons);
  const rest: Omit<DecisionRecord, "candidates" | "replay"> = {
    requestId,
    at,
    ...(request.sessionId === undefined ? {} : { sessionId: request.sessionId }),
    ...(model === undefined ? {} : { model }),
    strategy: settings.rotationStrategy,
    selectedAlias: served?.alias ?? null,
    why: explain(selection, fallback),
    fallbackReason: fallback?.reason ?? null,
    forceState: forced !== null && at < forced.until ? { active: true, ...forced } : { active: false },
    enabledState: { enabled: pool.enabled, disabled: pool.disabled },
    attempts,
    outcome,
    firstByteMs,
    totalMs: now - at,
  };
  return textOf(rest, {
    candidates: selection.candidates,
    reasons,
    read: { pool, selectedAt, draws, bound, home },
  });
}

interface Rest {
  readonly candidates: readonly Candidate[];
  readonly reasons: Ending["reasons"];
  readonly read: Read;
}

// A function of its own, so that what it gives back holds on to nothing else.
function textOf(said: object, { candidates, reasons, read }: Rest): () => string {
  return () => {
    const described = candidates.map((candidate) => describe(candidate, reasons)).join(",");
    return `${JSON.stringify(said).slice(0, -1)},"candidates":[${described}],"replay":${replayOf(read)}}`;
  };
}

interface Fallback {
  readonly alias: Alias;
  readonly reason: FailoverReason;
}

// What moved the request away from the account that was selected for it.
function movedBecause(
  selection: Selection,
  served: Account | null,
  reasons: Ending["reasons"],
): Fallback | null {
  if (selection.kind === "none" || selection.account.id === served?.id) return null;
  const reason = reasons.get(selection.account.id);
  return reason === undefined ? null : { alias: selection.account.alias, reason };
}

function explain(selection: Selection, fallback: Fallback | null): string {
  if (selection.kind === "none") return "none";
  return fallback === null ? selection.why : `${selection.why}, then ${fallback.alias}: ${fallback.reason}`;
}

// An alias has no character that JSON would escape, nor has a code.
function describe(
  { accountId, alias, eligible, reasons: codes }: Candidate,
  reasons: Ending["reasons"],
): string {
  const reason = reasons.get(accountId) ?? codes[0];
  return `{"alias":"${alias}","eligible":${eligible}${reason === undefined ? "" : `,"reason":"${reason}"`}}`;
}
