import type { Ok, StreamBehaviour } from "./behaviour.ts";
import type { Answer } from "./events.ts";
import { limitHeaders } from "./limit-headers.ts";
import { ownsAllReasoning, sealReasoning } from "./reasoning.ts";
import { foreignReasoning, usageLimit } from "./refusals.ts";
import type { Reply } from "./reply.ts";
import { lastUserText, wantsReasoning, type BackendRequest } from "./request.ts";
import type { SimAccount, SimState } from "./state.ts";
import { cutStream, failingStream, gatedStream, plainStream, type StreamStep } from "./stream-plan.ts";
import { exhaustedWindow, spend, windowsAt } from "./windows.ts";

/** Serves one request out of the account's quota, or refuses it as the account's state demands. */
export function serveAnswer(
  behaviour: Ok | StreamBehaviour,
  account: SimAccount,
  state: SimState,
  request: BackendRequest,
): Reply {
  const now = state.now();
  const { profile } = account;
  const exhausted = exhaustedWindow(account.windows, now);
  if (exhausted !== null) {
    return usageLimit({ profile, windows: windowsAt(account.windows, now), exhausted, now });
  }
  if (!ownsAllReasoning(profile, request.body)) return foreignReasoning();
  account.windows = spend(account.windows, profile.percentPerRequest, now);
  return {
    kind: "stream",
    headers: {
      "content-type": "text/event-stream",
      ...limitHeaders(account.windows, now),
      "x-codex-plan-type": profile.planType,
    },
    steps: streamOf(behaviour, composeAnswer(behaviour, account, state, request)),
  };
}

function streamOf(behaviour: Ok | StreamBehaviour, answer: Answer): Iterable<StreamStep> {
  switch (behaviour.kind) {
    case "ok":
    case "tool-call":
    case "big-answer":
      return plainStream(answer);
    case "slow-stream":
      return plainStream(answer, behaviour.eventDelayMs);
    case "gated-stream":
      return gatedStream(answer, behaviour.gate);
    case "cut-stream":
      return cutStream(answer, behaviour.afterEvents, behaviour.how ?? "drop");
    case "stream-error": {
      const { code, at = "before-output", shape = "response.failed" } = behaviour;
      return failingStream(answer, { code, at, shape });
    }
    default:
      return behaviour satisfies never;
  }
}

function composeAnswer(
  behaviour: Ok | StreamBehaviour,
  { profile }: SimAccount,
  state: SimState,
  request: BackendRequest,
): Answer {
  const serial = state.serial();
  const text = answerText(behaviour, profile.alias, request.body);
  return {
    responseId: `resp_sim_${serial}`,
    model: request.model ?? "unknown",
    createdAt: Math.floor(state.now() / 1000),
    pieces: behaviour.kind === "big-answer" ? repeated(behaviour) : (text.match(/\S+\s*/g) ?? [text]),
    text,
    reasoning: wantsReasoning(request.body) ? sealReasoning(profile, serial) : null,
    call:
      behaviour.kind === "tool-call"
        ? { id: `call_${serial}`, name: behaviour.name, arguments: JSON.stringify(behaviour.arguments) }
        : null,
    inputTokens: Math.ceil(request.bodyBytes / 4),
  };
}

function answerText(behaviour: Ok | StreamBehaviour, alias: string, body: unknown): string {
  if (behaviour.kind === "big-answer") return "";
  if ((behaviour.kind === "ok" || behaviour.kind === "slow-stream") && behaviour.text !== undefined)
    return behaviour.text;
  const echo = lastUserText(body);
  return echo === null ? `${alias} answered.` : `${alias} answered: ${echo.slice(0, 200)}`;
}

function* repeated({
  chunks,
  chunkBytes = 1024,
}: {
  chunks: number;
  chunkBytes?: number;
}): Generator<string> {
  const piece = "x".repeat(chunkBytes);
  for (let sent = 0; sent < chunks; sent += 1) yield piece;
}
