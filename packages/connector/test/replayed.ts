import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  SETTINGS_DEFAULTS,
  type Account,
  type DecisionRecord,
  type Strategy,
} from "@open-multi-auth/domain";
import {
  select,
  type Counts,
  type Selection,
  type SelectionRequest,
  type SelectionState,
} from "@open-multi-auth/scheduler";

interface Replay extends Pick<SelectionRequest, "bound" | "home"> {
  readonly now: number;
  readonly draws: readonly number[];
  readonly rotation: SelectionState["rotation"];
  readonly settings: object;
  readonly inFlight?: Readonly<Record<string, number>>;
  readonly sessions?: Readonly<Record<string, number>>;
  readonly candidates: readonly (Pick<Account, "id" | "alias" | "addedAt"> & Partial<Account>)[];
}

/** The choice of a record made again, from nothing but what the record says as JSON. */
export function replayed(record: DecisionRecord): Selection {
  const { replay, strategy, model, forceState }: DecisionRecord & { replay: Replay; strategy: Strategy } =
    JSON.parse(JSON.stringify(record));
  const { now, draws, rotation, settings, candidates, bound, home } = replay;
  const left = [...draws];
  const state = {
    accounts: candidates.map(accountOf),
    rotation,
    settings: { ...SETTINGS_DEFAULTS, ...settings, rotationStrategy: strategy },
    forced: forcedOf(forceState),
    inFlight: countsOf(replay.inFlight),
    sessions: countsOf(replay.sessions),
  };
  const request = {
    ...(model !== undefined && { model }),
    ...(bound !== undefined && { bound }),
    ...(home !== undefined && { home }),
  };
  return select(state, request, epochMs(now), { next: () => left.shift() ?? Number.NaN });
}

function accountOf(read: Replay["candidates"][number]): Account {
  const credential = {
    accessToken: "",
    refreshToken: "",
    expiresAt: epochMs(0),
    source: "import",
  } as const;
  return { ...newAccount(read.id, read.alias, credential, read.addedAt), ...read };
}

function forcedOf({ active, alias, until }: DecisionRecord["forceState"]): SelectionState["forced"] {
  if (!active || alias === undefined || until === undefined) return null;
  return { alias: parseAlias(alias)._unsafeUnwrap(), until };
}

function countsOf(counts: Readonly<Record<string, number>> = {}): Counts {
  return new Map(Object.entries(counts).map(([id, count]) => [accountId(id), count]));
}
