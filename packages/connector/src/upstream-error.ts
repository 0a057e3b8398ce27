import { fieldsOf, numberOf, textOf } from "./json.ts";

/** What an error body or a failure event says, as far as it could be read. Nothing in it is required. */
export interface UpstreamError {
  readonly code?: string;
  readonly message?: string;
  /** Unix seconds. */
  readonly resetsAt?: number;
  readonly resetsInSeconds?: number;
}

/** Reads an error body or a failure event; garbage gives an empty error. */
export function parseUpstreamError(text: string): UpstreamError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  return errorOf(fieldsOf(body));
}

// Seen: {error: {...}}, {detail: {code}}, {detail: "text"}, {response: {error: {...}}}, and a bare {code, message}.
function errorOf(body: Readonly<Record<string, unknown>>): UpstreamError {
  const detail = textOf(body["detail"]);
  if (detail !== undefined) return { message: detail };
  for (const inner of [body["error"], body["detail"], fieldsOf(body["response"])["error"]]) {
    const message = textOf(inner);
    if (message !== undefined) return { message };
    if (typeof inner === "object" && inner !== null) return described(fieldsOf(inner));
  }
  // The `type` of a bare one is its event's.
  return described({ ...body, type: undefined });
}

function described(error: Readonly<Record<string, unknown>>): UpstreamError {
  const code = textOf(error["code"]) ?? textOf(error["type"]);
  const message = textOf(error["message"]);
  const resetsAt = numberOf(error["resets_at"]);
  const resetsInSeconds = numberOf(error["resets_in_seconds"]);
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(resetsAt === undefined ? {} : { resetsAt }),
    ...(resetsInSeconds === undefined ? {} : { resetsInSeconds }),
  };
}
