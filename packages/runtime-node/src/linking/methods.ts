import {
  awaitApproval,
  createAuthorization,
  exchangeCode,
  parsePastedCallback,
  readCallback,
  startDeviceFlow,
  type SignInError,
  type Timers,
} from "@open-multi-auth/auth-oauth";
import {
  listenForCallback,
  type CallbackOutcome,
  type RedirectPortsTaken,
} from "@open-multi-auth/auth-oauth/node";
import { after, failure, type Clock, type EpochMs, type Fetch } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { Attempt } from "./attempt.ts";
import type { LinkPrompt, LinkWish, PasteError } from "./link.ts";

/** A sign-in that has begun, by either method. */
export interface Begun {
  readonly prompt: LinkPrompt;
  readonly expiresAt: EpochMs;
  readonly attempt: Attempt;
  readonly paste: (text: string) => Result<void, PasteError>;
  /** Lets go of what it holds. */
  readonly close: () => Promise<void>;
}

/** What both methods need. */
export interface MethodDeps {
  readonly issuerUrl: string;
  readonly ports: readonly number[];
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timers: Pick<Timers, "after">;
  readonly attempt: (lifeMs: number) => Attempt;
}

const BROWSER_LIFE_MS = 10 * 60_000;

type Judge = (parameters: URLSearchParams) => Promise<CallbackOutcome>;

const refuseAll: Judge = () => Promise.resolve("refused");

/** Listens first, so that the address that is shown is one that can be come back from. */
export async function beginInBrowser(
  { workspace }: LinkWish,
  { issuerUrl, ports, fetch, clock, timers, attempt: begin }: MethodDeps,
): Promise<Result<Begun, RedirectPortsTaken>> {
  // Until the address was made, nothing that comes can be its answer.
  let judge = refuseAll;
  const listening = await listenForCallback({ ports, timers, onCallback: (sent) => judge(sent) });
  if (listening.isErr()) return err(listening.error);
  const { port, redirectUri } = listening.value;
  const authorization = await createAuthorization({ issuerUrl, redirectUri, workspace });
  const attempt = begin(BROWSER_LIFE_MS);
  let used = false;

  judge = async (parameters) => {
    const code = readCallback(authorization, parameters);
    if (code.isErr() && code.error.code !== "SIGN_IN_DENIED") return "refused";
    if (used || attempt.signal.aborted) return "replayed";
    used = true;
    if (code.isErr()) {
      if (code.error.code === "SIGN_IN_DENIED") attempt.fail(code.error);
      return "denied";
    }
    const { codeVerifier } = authorization;
    const exchange = { issuerUrl, code: code.value, codeVerifier, redirectUri, source: "browser" } as const;
    return attempt.finish(() => exchangeCode(exchange, { fetch, clock }));
  };
  return ok({
    prompt: {
      kind: "browser",
      url: authorization.url,
      port,
      passedOver: ports.slice(0, ports.indexOf(port)),
    },
    expiresAt: after(clock.now(), BROWSER_LIFE_MS),
    attempt,
    close: () => listening.value.close(),
    paste: (text) =>
      used || attempt.signal.aborted
        ? err(notWaiting())
        : parsePastedCallback(text).andThen((parameters) => {
            const code = readCallback(authorization, parameters);
            if (code.isErr() && code.error.code !== "SIGN_IN_DENIED") return err(code.error);
            void judge(parameters);
            return ok();
          }),
  });
}

/** Asks for a user code and polls until it was entered. */
export async function beginOnDevice({
  issuerUrl,
  fetch,
  clock,
  timers,
  attempt: begin,
}: MethodDeps): Promise<Result<Begun, SignInError>> {
  const started = await startDeviceFlow(issuerUrl, { fetch, clock });
  if (started.isErr()) return err(started.error);
  const { verificationUrl, userCode, intervalMs, expiresAt } = started.value;
  const attempt = begin(expiresAt - clock.now());
  const { signal } = attempt;
  void awaitApproval(started.value, { fetch, clock, timers, signal }).then((approval) => {
    if (approval.isErr()) return attempt.fail(approval.error);
    const exchange = { issuerUrl, ...approval.value, source: "device" } as const;
    return void attempt.finish(() => exchangeCode(exchange, { fetch, clock }));
  });
  return ok({
    prompt: { kind: "device", verificationUrl, userCode, intervalMs },
    expiresAt,
    attempt,
    paste: () => err(notWaiting()),
    close: async () => {},
  });
}

const notWaiting = (): PasteError =>
  failure("LINK_NOT_WAITING", "this sign-in waits for no address any more", {});
