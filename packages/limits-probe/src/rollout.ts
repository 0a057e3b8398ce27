import { z } from "zod";
import { parseJson } from "./json.ts";

const windowSchema = z.object({
  used_percent: z.number().min(0),
  window_minutes: z.number().positive().nullish(),
  resets_at: z.number().nullish(),
});
const metaSchema = z.object({
  type: z.literal("session_meta"),
  payload: z.object({
    id: z.string(),
    creator_account_id: z.string().nullish(),
    creator_user_id: z.string().nullish(),
  }),
});
const tokenCountSchema = z.object({
  type: z.literal("token_count"),
  info: z.unknown(),
  rate_limits: z
    .object({
      limit_id: z.string().nullish(),
      primary: windowSchema.nullish(),
      secondary: windowSchema.nullish(),
    })
    .nullish(),
});
const eventSchema = z.object({
  type: z.literal("event_msg"),
  payload: z.discriminatedUnion("type", [
    tokenCountSchema,
    z.object({ type: z.literal("task_started") }),
    z.object({
      type: z.literal("task_complete"),
      error: z.object({ message: z.string(), codex_error_info: z.unknown() }).nullish(),
    }),
    z.object({ type: z.literal("turn_aborted") }),
  ]),
});

/** One family's windows, at the end of an answered model request. */
type Limits = NonNullable<z.infer<typeof tokenCountSchema>["rate_limits"]>;

/** What a session file says of its last turn. */
export interface Rollout {
  readonly threadId: string;
  readonly accountId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  /** Windows of the `codex` family, as told last within the turn. */
  readonly limits?: Limits;
  /** Absent while the turn has neither ended nor failed. */
  readonly end?:
    | { readonly kind: "complete" | "aborted" }
    | { readonly kind: "failed"; readonly info: unknown };
}

/**
 * Reads a session file of the Codex CLI (`rollout-….jsonl`): real events only, since what tools print and what
 * prompts say stands in it too. A line that is none, such as a last one cut short, is left out.
 */
export function parseRollout(text: string): Rollout | undefined {
  let rollout: Rollout | undefined;
  for (const line of text.split("\n")) {
    const value = parseJson(line);
    const meta = metaSchema.safeParse(value).data;
    // A fork begins with the session it came from; the first line is its own.
    if (meta) rollout ??= session(meta.payload);
    const event = eventSchema.safeParse(value).data;
    if (event && rollout) rollout = advance(rollout, event.payload);
  }
  return rollout;
}

function session(meta: z.infer<typeof metaSchema>["payload"]): Rollout {
  return { threadId: meta.id, accountId: meta.creator_account_id, userId: meta.creator_user_id };
}

function advance(rollout: Rollout, event: z.infer<typeof eventSchema>["payload"]): Rollout {
  switch (event.type) {
    case "task_started": {
      const { limits: _limits, end: _end, ...kept } = rollout;
      return kept;
    }
    case "token_count": {
      const { info, rate_limits: limits } = event;
      // Without `info` it tells of a request that failed; of another family, it hides ours and must not replace it.
      const counts = info !== null && info !== undefined && limits?.limit_id === "codex";
      return counts ? { ...rollout, limits } : rollout;
    }
    case "task_complete":
      return {
        ...rollout,
        end: event.error ? { kind: "failed", info: event.error.codex_error_info } : { kind: "complete" },
      };
    case "turn_aborted":
      return { ...rollout, end: { kind: "aborted" } };
    default:
      return event satisfies never;
  }
}
