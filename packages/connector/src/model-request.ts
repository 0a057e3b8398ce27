import type { Model, SessionId } from "@open-multi-auth/domain";
import { topLevelText } from "./json.ts";

/** One model request, as a front door hands it over. */
export interface ModelRequest {
  /** `/responses` and below, with its query; where it hangs under the upstream is not the caller's to say. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly signal?: AbortSignal;
  /** The conversation, and the one it was started from as a sub-agent. */
  readonly sessionId?: SessionId;
  readonly parentSessionId?: SessionId;
  /** Read from the body when absent. */
  readonly model?: Model;
}

/** The model that a request asks for. */
export function modelOf({ model, body }: ModelRequest): Model | undefined {
  if (model !== undefined || body === null) return model;
  return topLevelText(typeof body === "string" ? body : new TextDecoder().decode(body), "model");
}
