import type { RunProblem } from "./errors.ts";
import { parseJson } from "./json.ts";
import { fieldOf } from "./refusal-reason.ts";

/**
 * What made a run of the Codex CLI fail.
 *
 * @param message of `turn.failed`: prose, or the upstream's error body as text, alone or within prose
 * @param info `codex_error_info` of the session file: the machine-readable class, too coarse for refused requests
 */
export function problemOf(message: string | undefined, info: unknown): RunProblem {
  const body = bodyIn(message ?? "");
  const error = fieldOf(body, "error");
  if (fieldOf(error, "code") === "unsupported_value" && fieldOf(error, "param") === "reasoning.effort") {
    return "effort-unsupported";
  }
  const detail = fieldOf(body, "detail");
  if (typeof detail === "string" && /^The '[^']*' model is not supported\b/.test(detail)) {
    return "model-unsupported";
  }
  if (fieldOf(detail, "code") === "deactivated_workspace") return "workspace-deactivated";
  return problemOfInfo(info);
}

function problemOfInfo(info: unknown): RunProblem {
  switch (info) {
    case "usage_limit_exceeded":
      return "usage-limit";
    case "unauthorized":
      return "unauthorized";
    case "server_overloaded":
      return "overloaded";
    default:
      return problemOfStatus(
        fieldOf(fieldOf(info, "response_too_many_failed_attempts"), "http_status_code") ??
          fieldOf(fieldOf(info, "http_connection_failed"), "http_status_code"),
      );
  }
}

function problemOfStatus(status: unknown): RunProblem {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 402) return "workspace-deactivated";
  return status === 429 ? "rate-limited" : "unknown";
}

function bodyIn(message: string): unknown {
  const [open, close] = [message.indexOf("{"), message.lastIndexOf("}")];
  return open === -1 ? undefined : parseJson(message.slice(open, close + 1));
}
