import { systemClock, webResponse } from "@open-multi-auth/runtime-node";
import type { Announcer } from "./announcer.ts";
import type { Host } from "./host.ts";
import { modelRequest, type FetchArguments } from "./model-request.ts";
import { refusalResponse } from "./refusal.ts";

/** The fetch that OpenCode's provider calls: every request goes through the pool, every failure is an answer. */
export function poolFetch(
  { serving, limits }: Pick<Host, "serving" | "limits">,
  announcer: Announcer,
  refused: typeof refusalResponse = refusalResponse,
): (...args: FetchArguments) => Promise<Response> {
  return async (...args) => {
    const request = await modelRequest(args);
    if (!request) {
      const error = {
        code: "UNSUPPORTED_PATH",
        message: "This upstream answers only the responses endpoint.",
      };
      return Response.json({ error }, { status: 400 });
    }
    limits.used();
    const answer = await serving.handle(request);
    if (answer.isOk()) return webResponse(answer.value);
    // An abort is the client's own: it is reported the way a fetch reports it.
    if (answer.error.code === "REQUEST_ABORTED")
      throw request.signal?.reason ?? new DOMException("aborted", "AbortError");
    announcer.toast("error", answer.error.message);
    // Nobody is waited for: the request may come from a script. Whoever sits there can repair the first that failed.
    const [first] = answer.error.details.reauthNeeded;
    if (first !== undefined) announcer.toast("warning", `Sign in again to go on. Run: oma reauth ${first}`);
    return refused(answer.error, systemClock.now());
  };
}
