import {
  accountViewSchema,
  forceViewSchema,
  settingsViewSchema,
  strategySchema,
} from "@open-multi-auth/domain";
import { z } from "zod";
import { probeProgressSchema } from "./limits.ts";
import { linkViewSchema } from "./link.ts";

const iso = z.iso.datetime();

const runwaySchema = z.discriminatedUnion("kind", [
  /** Nothing is left from then on, at the present pace; to the minute. */
  z.object({ kind: z.literal("runs-out"), at: iso }),
  /** Windows reset sooner than they empty, for as long as can be seen. */
  z.object({ kind: z.literal("lasts") }),
  /** No account tells its pace. */
  z.object({ kind: z.literal("unknown") }),
]);
export type RunwayView = z.infer<typeof runwaySchema>;

/** What became of the requests of a span of time. */
export const countersSchema = z.object({
  /** The first instant that is counted. */
  since: iso,
  requests: z.number(),
  /** Answered, or passed through as the upstream has it. */
  served: z.number(),
  /** Served by another account than the first that was tried. */
  moved: z.number(),
  /** Interruptions of these requests that nobody saw, by the verdict that caused them. */
  kept: z.record(z.string(), z.number()),
  /** Refused, or broken off while they were answered. */
  failed: z.number(),
  /** Ended by the client. */
  aborted: z.number(),
  /** Requests served, by alias. */
  byAlias: z.record(z.string(), z.number()),
});
export type Counters = z.infer<typeof countersSchema>;

const problemSchema = z.object({
  at: iso,
  code: z.string(),
  message: z.string(),
  /** What to do about it, where that is known. */
  fix: z.string().optional(),
});
export type ProblemView = z.infer<typeof problemSchema>;

/** How the store is: `degraded` where something last read or written failed. */
const storeStateSchema = z.object({
  state: z.enum(["ok", "degraded"]),
  path: z.string(),
  /** How it was found when the server started. */
  opened: z.enum(["opened", "created", "restored"]),
  encrypted: z.boolean(),
  /** Accounts that broke their schema, and where each was put. */
  quarantined: z.array(z.object({ alias: z.string(), file: z.string() })),
  problem: problemSchema.optional(),
});

/** All that the dashboard shows, at one moment. */
export const stateSchema = z.object({
  now: iso,
  server: z.object({ version: z.string(), pid: z.number(), startedAt: iso }),
  accounts: z.array(accountViewSchema),
  /** The account that served last, and the one that a new conversation would go to now. */
  current: z.string().nullable(),
  next: z.string().nullable(),
  /** Conversations at work, by alias; an account that has none is not named. */
  conversations: z.record(z.string(), z.number()),
  force: forceViewSchema,
  settings: settingsViewSchema,
  /** The effective one, whatever layer it comes from. */
  strategy: strategySchema,
  /** How long the pool lasts, by the kind of window; it is over as soon as one of the two is. */
  runway: z.object({ fiveHour: runwaySchema, weekly: runwaySchema }),
  /** Sign-ins under way, and those that ended in the last minutes. */
  links: z.array(linkViewSchema),
  probes: probeProgressSchema,
  /** Of the last seven days. */
  counters: countersSchema,
  /** The upstream fails over several accounts at once: not the accounts' fault. */
  incident: z.object({ since: iso, requests: z.number(), resent: z.number(), lost: z.number() }).nullable(),
  store: storeStateSchema,
  /** What went wrong in the background since the server started, newest first, at most 20. */
  problems: z.array(problemSchema),
});
export type StateView = z.infer<typeof stateSchema>;

/** Whether the server lives; for anyone who asks. */
export const healthSchema = z.object({
  status: z.literal("ok"),
  version: z.string(),
  store: storeStateSchema.shape.state,
  /** With `?nonce=`: proof that this server knows the token, without telling it. */
  proof: z.string().optional(),
});
