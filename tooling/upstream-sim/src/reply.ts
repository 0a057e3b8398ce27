import type { StreamStep } from "./stream-plan.ts";

export type ReplyHeaders = Readonly<Record<string, string>>;

/** What the simulator does with a request, as data; `perform` carries it out on the socket. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: ReplyHeaders;
      readonly body: string;
    }
  | { readonly kind: "stream"; readonly headers: ReplyHeaders; readonly steps: Iterable<StreamStep> }
  | { readonly kind: "hang" }
  | { readonly kind: "reset" };

export function jsonAnswer(status: number, body: unknown, headers: ReplyHeaders = {}): Reply {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** Sets headers on the answer and leaves out those named with null. */
export function withHeaders(
  reply: Reply,
  changes: Readonly<Record<string, string | null>> | undefined,
): Reply {
  if (changes === undefined || (reply.kind !== "answer" && reply.kind !== "stream")) return reply;
  const headers: Record<string, string> = { ...reply.headers };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = value;
  }
  return { ...reply, headers };
}
