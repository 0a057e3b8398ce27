import {
  accountId,
  epochMs,
  failure,
  newAccount,
  parseAlias,
  type Account,
  type Clock,
  type Credential,
  type Failure,
  type Fetch,
  type HttpRequest,
  type SharedFile,
} from "@open-multi-auth/domain";
import { errAsync, okAsync } from "neverthrow";
import { readFileSync } from "node:fs";
import { createTokenSource, fingerprint, type CredentialStore, type RefreshLease } from "../src/index.ts";
import type { LeaseError, Timers, TokenSourceDeps } from "../src/index.ts";
import { parseJsonObject } from "../src/json-object.ts";

import { realTimers } from "./real-timers.ts";

export const START = epochMs(Date.UTC(2026, 10, 21, 12));
export const ISSUER = "https://auth.openai.com";
export const ID = accountId("acc-1");

const AUTH_CLAIMS = {
  chatgpt_account_id: "workspace-1",
  chatgpt_plan_type: "plus",
  chatgpt_user_id: "user-1",
  user_id: "user-1",
  chatgpt_account_user_id: "user-1__workspace-1",
};

/** A JWT in form, signed by nobody. */
export function jwt(claims: object): string {
  const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return `${parts.join(".")}.ZmFrZS1zaWduYXR1cmU`;
}

/** An access token that lives `seconds` from {@link START} on; `name` tells it from others. */
export function accessToken(name: string, seconds = 10 * 86_400): string {
  return jwt({ exp: START / 1000 + seconds, jti: name, "https://api.openai.com/auth": AUTH_CLAIMS });
}

export function account(
  credential: Partial<Credential> = {},
  id = ID,
  sharedWith: SharedFile[] = [],
): Account {
  const alias = parseAlias("work")._unsafeUnwrap();
  const defaults = {
    accessToken: accessToken("old", -10),
    refreshToken: "rt_old_00000001",
    expiresAt: epochMs(START - 10_000),
    source: "codex" as const,
    accountId: "workspace-1",
    userId: "user-1",
    accountUserId: "user-1__workspace-1",
    email: "person@example.test",
  };
  return newAccount(id, alias, { ...defaults, ...credential, sharedWith }, START);
}

/** A credential that lives for ten days. */
export const alive = (name: string): Credential => ({
  accessToken: accessToken(name),
  refreshToken: `rt_${name}_00000001`,
  expiresAt: epochMs(START + 10 * 86_400_000),
});

export interface FakeStore extends CredentialStore {
  accounts: Map<string, Account>;
  /** What another process has saved: seen after the next reload. */
  onDisk?: Account | undefined;
  /** What a save waits for. */
  delay?: Promise<unknown>;
  unreadable: boolean;
  saved: Credential[];
}

export function fakeStore(first: Account = account()): FakeStore {
  const store: FakeStore = {
    accounts: new Map([[first.id, first]]),
    unreadable: false,
    saved: [],
    account: (id) => store.accounts.get(id),
    reload() {
      if (store.unreadable) return errAsync(failure("STORE_UNREADABLE", "the store cannot be read", {}));
      if (store.onDisk) store.accounts.set(store.onDisk.id, store.onDisk);
      return okAsync(undefined);
    },
    async saveRotated(id, before, credential) {
      const held = store.accounts.get(id);
      if (held && fingerprint(held.refreshToken) === before) {
        store.accounts.set(id, { ...held, ...credential });
        store.saved.push(credential);
      }
      await store.delay;
    },
  };
  return store;
}

interface FakeLease extends RefreshLease {
  held: number;
  /** What keeps the next ones from being given. */
  refusal: LeaseError["code"] | undefined;
}

/** Hands the lease to one holder after the other. */
export function fakeLease(): FakeLease {
  const lease: FakeLease = {
    held: 0,
    refusal: undefined,
    acquire: (id) => {
      if (lease.refusal) return errAsync(failure(lease.refusal, "no claim was made", { accountId: id }));
      lease.held += 1;
      return okAsync({
        release: async () => {
          lease.held -= 1;
        },
      });
    },
  };
  return lease;
}

interface Exchange {
  readonly url: string;
  readonly request: HttpRequest;
  readonly refreshToken: string;
}

export interface Endpoint {
  readonly fetch: Fetch;
  readonly exchanges: Exchange[];
}

type ScriptedAnswer = Answer | Error | Promise<Answer>;

/** A token endpoint that gives these answers, one after the other; the last one stays. */
export function endpoint(...answers: readonly ScriptedAnswer[]): Endpoint {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    async fetch(url, request) {
      const sent = parseJsonObject(request.body ?? "");
      exchanges.push({ url, request, refreshToken: String(sent?.["refresh_token"]) });
      const answer = await answers[Math.min(exchanges.length, answers.length) - 1];
      if (answer === undefined || answer instanceof Error) throw answer;
      const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      return { status: answer.status, header: () => undefined, body };
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const granted = (name: string, more: object = {}): Answer => ({
  status: 200,
  body: { access_token: accessToken(name), refresh_token: `rt_${name}_00000001`, id_token: jwt({}), ...more },
});

export const refusal = (code: string, message = "refused"): Answer => ({
  status: 401,
  body: { error: { message, type: "invalid_request_error", param: null, code } },
});

export function movableClock(): Clock & { at: number } {
  const clock = { at: START as number, now: () => epochMs(clock.at) };
  return clock;
}

/** A recorded file of another tool. */
export const authFile = (name: string): string =>
  readFileSync(new URL(`auth-files/${name}.json`, import.meta.url), "utf8");

/** A recorded answer of the token endpoint. */
export function recorded(name: string): Answer {
  return JSON.parse(readFileSync(new URL(`answers/${name}.json`, import.meta.url), "utf8"));
}

/** Something to wait for that a test settles. */
export function gate<T>(): { readonly promise: Promise<T>; open(value: T): void } {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Does not really wait where the code would. */
export const hasty: Timers = { ...realTimers, pause: () => new Promise((resolve) => setImmediate(resolve)) };

type Overrides = Partial<Omit<TokenSourceDeps, "store">> & { readonly store?: FakeStore };

/** A token source over fakes, with every part at hand. */
export function harness(answers: readonly ScriptedAnswer[], overrides: Overrides = {}) {
  const server = endpoint(...answers);
  const store = overrides.store ?? fakeStore();
  const lease = fakeLease();
  const clock = movableClock();
  const problems: Failure[] = [];
  const tokens = createTokenSource({
    lease,
    clock,
    timers: hasty,
    fetch: server.fetch,
    issuerUrl: ISSUER,
    ...overrides,
    store,
    onProblem: (problem) => problems.push(problem),
  });
  return { tokens, store, lease, clock, problems, exchanges: server.exchanges };
}
