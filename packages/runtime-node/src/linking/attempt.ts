import type { SignInError, Timers } from "@open-multi-auth/auth-oauth";
import { failure, type DurationMs, type NewAccount } from "@open-multi-auth/domain";
import type { Result, ResultAsync } from "neverthrow";
import type { LinkError, LinkOutcome, LinkReport, LinkState, OfferedWorkspace } from "./link.ts";

/** The way of one sign-in from waiting to its end, whatever the method. */
export interface Attempt {
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  readonly settled: Promise<LinkOutcome>;
  state(): LinkState;
  /** Turns a code into a login and puts it into the store; once. */
  finish(exchange: () => ResultAsync<NewAccount, SignInError>): Promise<"linked" | "failed">;
  fail(problem: LinkError): void;
  cancel(): void;
}

interface AttemptDeps {
  readonly timers: Pick<Timers, "after">;
  readonly lifeMs: DurationMs;
  /** Puts the login into the store. */
  readonly conclude: (login: NewAccount) => Promise<Result<Omit<LinkReport, "workspaces">, LinkError>>;
  /** What else the person could sign in to. */
  readonly offers: (login: NewAccount) => Promise<readonly OfferedWorkspace[]>;
}

/** Begins to wait. The first end counts; a login that is on its way into the store is no longer called off. */
export function createAttempt({ timers, lifeMs, conclude, offers }: AttemptDeps): Attempt {
  const over = new AbortController();
  let resolve: (outcome: LinkOutcome) => void;
  const settled = new Promise<LinkOutcome>((settle) => (resolve = settle));
  let state: LinkState = { phase: "waiting" };
  let storing = false;
  const isOver = (): boolean => over.signal.aborted;

  const settle = (outcome: LinkOutcome): void => {
    if (isOver()) return;
    state = outcome;
    stopWaiting();
    over.abort();
    resolve(outcome);
  };
  const fail = (problem: LinkError): void => settle({ phase: "failed", failure: problem });
  const giveUp = (outcome: LinkOutcome): void => {
    if (!storing) settle(outcome);
  };
  const stopWaiting = timers.after(lifeMs, () => giveUp({ phase: "failed", failure: timeout() }));

  return {
    signal: over.signal,
    settled,
    state: () => state,
    fail,
    cancel: () => giveUp({ phase: "cancelled" }),
    async finish(exchange) {
      if (isOver()) return "failed";
      state = { phase: "finishing" };
      const login = await exchange();
      if (isOver()) return "failed";
      if (login.isErr()) return (fail(login.error), "failed");
      storing = true;
      const concluded = await conclude(login.value);
      if (concluded.isErr()) return (fail(concluded.error), "failed");
      const report = concluded.value;
      void offers(login.value).then((workspaces) =>
        settle({ phase: "done", report: { ...report, workspaces } }),
      );
      return "linked";
    },
  };
}

const timeout = (): LinkError => failure("LINK_TIMEOUT", "nobody signed in in time; nothing changed", {});
