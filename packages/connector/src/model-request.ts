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

/** No model's name is longer, and what is asked for is written down. */
const LONGEST = 256;

/** The model that a request asks for. */
export function modelOf({ model, body }: ModelRequest): Model | undefined {
  const name = model ?? (body === null ? undefined : nameIn(body));
  return name === undefined || name.length > LONGEST ? undefined : name;
}

function nameIn(body: string | Uint8Array): Model | undefined {
  return topLevelText(typeof body === "string" ? body : new TextDecoder().decode(body), "model");
}
