import type { Random } from "@open-multi-auth/domain";
import type { Conversation } from "../model/conversation.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Reading, Refusal } from "../model/upstream-account.ts";

/** A rule that places turns, and all that it remembers. Accounts are numbers; instants are those of its own clock. */
export interface Policy {
  /** The account to try next for this turn, after those that have just refused it; `undefined`: give up. */
  next(conversation: Conversation, tried: readonly number[], now: number): number | undefined;
  /** An account has begun to answer. */
  begun(conversation: Conversation, account: number, now: number): void;
  /** The answer is whole; `reading` is what its headers told. */
  served(conversation: Conversation, account: number, at: Answered): void;
  refused(conversation: Conversation, account: number, refusal: Refusal, now: number): void;
  /** A poll of the account's usage. */
  polled(account: number, reading: Reading, now: number): void;
  /** The conversation's last turn is over. */
  ended?(conversation: Conversation): void;
}

export interface Answered {
  readonly startedAt: number;
  readonly now: number;
  readonly credits: number;
  readonly reading: Reading | undefined;
}

/** A policy before it has met a pool. */
export interface PolicyKind {
  readonly id: string;
  readonly title: string;
  readonly by: "us" | "peer" | "baseline";
  /** `upMs`: for how long the machine has been up, a clock that is never wrong. */
  create(scenario: Scenario, random: Random, upMs: () => number): Policy;
}
