import {
  accountsOf,
  after,
  failure,
  toIso,
  type Actor,
  type Alias,
  type Clock,
  type EpochMs,
  type Failure,
} from "@open-multi-auth/domain";
import type { LinkView } from "@open-multi-auth/loopback-api";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import type { Link, LinkStartError, LinkState, LinkWish } from "../linking/link.ts";
import { createLinking, type Linking, type LinkingOptions } from "../linking/linking.ts";
import type { Pool } from "../open-pool.ts";
import { qrRows } from "./qr-rows.ts";

/** The sign-ins of a server, whoever started them. */
export interface LinkBook {
  start(wish: LinkWish, actor: Actor): ResultAsync<LinkView, LinkStartError>;
  find(id: string): Link | undefined;
  view(id: string): LinkView | undefined;
  /** Those under way, and those that ended in the last minutes; the oldest first. */
  recent(): LinkView[];
  subscribe(listener: (link: LinkView) => void): () => void;
  /** Gives up all of them. */
  close(): void;
}

const RECENT_MS = 5 * 60_000;
/** Sign-ins that can be told of. */
const MOST = 50;

interface Entry {
  readonly link: Link;
  readonly startedAt: EpochMs;
  endedAt?: EpochMs;
}

export function createLinkBook(pool: Pool, options: LinkingOptions & { readonly clock: Clock }): LinkBook {
  const { clock } = options;
  const listeners = new Set<(link: LinkView) => void>();
  const linkings = new Map<string, Linking>();
  /** The last start for an account: the next waits for it, and so finds what it began. */
  const lastStart = new Map<string, Promise<unknown>>();
  let entries: readonly Entry[] = [];

  const entryOf = (id: string): Entry | undefined => entries.find(({ link }) => link.id === id);
  /** As the account is called now, where it is one that there is. */
  const aliasOf = ({ wish: { alias, reauth } }: Link): string | undefined =>
    (reauth?.id && accountsOf(pool.store.state()).find(({ id }) => id === reauth.id)?.alias) ?? alias;
  const viewOf = (entry: Entry): LinkView => viewed(entry, aliasOf(entry.link));
  const tell = (entry: Entry): void => {
    for (const listener of listeners) listener(viewOf(entry));
  };
  const linkingOf = (wish: LinkWish, actor: Actor): Linking => {
    const action = wish.reauth ? "account.reauth" : "account.link";
    const key = JSON.stringify([action, actor]);
    const known =
      linkings.get(key) ?? createLinking({ ...pool, store: pool.audited({ actor, action }) }, options);
    linkings.set(key, known);
    return known;
  };
  const followToEnd = async (entry: Entry): Promise<void> => {
    await entry.link.settled;
    entry.endedAt = clock.now();
    tell(entry);
  };
  const begin = async (wish: LinkWish, actor: Actor): Promise<Result<LinkView, LinkStartError>> => {
    const other =
      wish.reauth &&
      entries.find(
        ({ link, endedAt }) => endedAt === undefined && link.wish.reauth && aliasOf(link) === wish.alias,
      );
    if (other) return err(inProgress(wish.alias ?? "", other.link.id));
    const started = await linkingOf(wish, actor).start(wish);
    if (started.isErr()) return err(started.error);
    const entry: Entry = { link: started.value, startedAt: clock.now() };
    entries = [...entries, entry];
    // Nobody could call off a sign-in that is not known any more.
    for (const { link } of entries.slice(0, -MOST)) link.cancel();
    entries = entries.slice(-MOST);
    tell(entry);
    void followToEnd(entry);
    return ok(viewOf(entry));
  };

  const beginInTurn = (wish: LinkWish, actor: Actor): Promise<Result<LinkView, LinkStartError>> => {
    if (!wish.reauth || wish.alias === undefined) return begin(wish, actor);
    const turn = (lastStart.get(wish.alias) ?? Promise.resolve()).then(() => begin(wish, actor));
    lastStart.set(
      wish.alias,
      turn.catch(() => undefined),
    );
    return turn;
  };

  return {
    start: (wish, actor) => new ResultAsync(beginInTurn(wish, actor)),
    find: (id) => entryOf(id)?.link,
    view(id) {
      const entry = entryOf(id);
      return entry && viewOf(entry);
    },
    recent: () =>
      entries
        .filter(({ endedAt }) => endedAt === undefined || clock.now() <= after(endedAt, RECENT_MS))
        .map(viewOf),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { link } of entries) link.cancel();
    },
  };
}

const inProgress = (alias: Alias | "", linkId: string): LinkStartError & Failure<"REAUTH_IN_PROGRESS"> =>
  failure("REAUTH_IN_PROGRESS", `a sign-in for "${alias}" is under way already`, { alias, linkId });

function viewed({ link, startedAt }: Entry, alias: string | undefined): LinkView {
  const { id, wish, prompt, expiresAt } = link;
  const state = link.state();
  return {
    id,
    purpose: wish.reauth ? "reauth" : "link",
    method: wish.method,
    ...(alias !== undefined && { alias }),
    phase: state.phase,
    progress: PROGRESS[state.phase],
    startedAt: toIso(startedAt) ?? "",
    expiresAt: toIso(expiresAt) ?? "",
    ...(state.phase === "waiting" && { prompt: promptOf(prompt) }),
    ...(state.phase === "done" && { result: resultOf(state) }),
    ...(state.phase === "failed" && { error: errorOf(state.failure) }),
  };
}

const PROGRESS = {
  waiting: "in-progress",
  finishing: "in-progress",
  done: "success",
  failed: "error",
  cancelled: "idle",
} as const;

function promptOf(prompt: Link["prompt"]): NonNullable<LinkView["prompt"]> {
  return prompt.kind === "browser"
    ? { ...prompt, passedOver: [...prompt.passedOver] }
    : { ...prompt, qr: qrRows(prompt.verificationUrl) };
}

const resultOf = ({ report }: LinkState & { phase: "done" }): NonNullable<LinkView["result"]> => ({
  ...report,
  workspaces: report.workspaces.map((workspace) => ({ ...workspace })),
});

const errorOf = ({ code, message, details }: Failure): NonNullable<LinkView["error"]> => ({
  code,
  message,
  details: { ...details },
});
