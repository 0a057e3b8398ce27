import type { AccountRefusal, ServerFailure } from "./behaviour.ts";
import { requestedEffort } from "./request.ts";
import {
  bareUsageLimit,
  burst,
  deactivatedWorkspace,
  effortRefused,
  modelUnsupported,
  overload,
  serverError,
  tokenExpired,
  usageLimit,
  usageNotIncluded,
} from "./refusals.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import type { SimAccount } from "./state.ts";
import { windowsAt, type QuotaWindow } from "./windows.ts";

/** A refused request: which account, what it asked for, and when. */
export interface RefusedRequest {
  readonly account: SimAccount;
  readonly model: string | null;
  readonly body: unknown;
  readonly now: number;
}

/** Plays a scripted refusal. */
export function playRefusal(step: AccountRefusal, request: RefusedRequest): Reply {
  const model = request.model ?? "unknown";
  switch (step.kind) {
    case "usage-limit":
      return scriptedLimit(step, request);
    case "usage-not-included":
      return usageNotIncluded();
    case "burst":
      return burst(step.retryAfterSeconds);
    case "token-expired":
      return tokenExpired();
    case "deactivated-workspace":
      return deactivatedWorkspace();
    case "model-unsupported":
      return modelUnsupported(model);
    case "effort-refused":
      return effortRefused(requestedEffort(request.body), model);
    case "overload":
      return overload();
    default:
      return step satisfies never;
  }
}

/** Plays a scripted failure of the server itself. */
export function playFailure(step: ServerFailure): Reply {
  switch (step.kind) {
    case "server-error":
      return serverError();
    case "status":
      return jsonAnswer(step.status, step.body ?? { error: { message: "The request was refused." } });
    case "hang":
      return { kind: "hang" };
    case "reset":
      return { kind: "reset" };
    case "garbage":
      return textAnswer(200, "application/json", "%% this is not JSON %%");
    case "html":
      return textAnswer(502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>");
    case "redirect":
      return {
        kind: "answer",
        status: step.status ?? 302,
        headers: { location: step.location },
        body: "",
      };
    default:
      return step satisfies never;
  }
}

function scriptedLimit(step: AccountRefusal & { kind: "usage-limit" }, request: RefusedRequest): Reply {
  const { account, now } = request;
  const name = step.window ?? account.profile.windows[0] ?? "fiveHour";
  const resetsAt = (Math.floor(now / 1000) + (step.resetsInSeconds ?? 3600)) * 1000;
  const exhausted: QuotaWindow = { name, usedPercent: 100, resetsAt };
  const windows = windowsAt(account.windows, now).map((window) =>
    window.name === name ? exhausted : window,
  );
  const limit = { profile: account.profile, windows, exhausted, now };
  return step.bare === true ? bareUsageLimit(limit) : usageLimit(limit);
}

function textAnswer(status: number, contentType: string, body: string): Reply {
  return { kind: "answer", status, headers: { "content-type": contentType }, body };
}
