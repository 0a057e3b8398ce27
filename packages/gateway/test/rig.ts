import { epochMs, type Failure } from "@open-multi-auth/domain";
import { okAsync, type ResultAsync } from "neverthrow";
import { randomBytes } from "node:crypto";
import type { AnswerBody, GatewayAnswer, GatewayRefusal, GatewayRequest, PoolUsage } from "../src/index.ts";
import { keyDigest, mintKey, serveGateway, type Gateway } from "../src/node/index.ts";

/** A gateway that listens, in front of a handler that does what a test says. */
export interface Rig extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly key: string;
  /** What was asked of the handler. */
  readonly asked: readonly GatewayRequest[];
  readonly problems: readonly Failure[];
  keys: readonly string[];
  usage: PoolUsage;
  answer: (request: GatewayRequest) => ResultAsync<GatewayAnswer, GatewayRefusal>;
  /** A request with its key, unless `init` says otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A model request. */
  post(body: unknown, init?: RequestInit): Promise<Response>;
}

export async function createRig(): Promise<Rig> {
  const key = mintKey(randomBytes);
  const asked: GatewayRequest[] = [];
  const problems: Failure[] = [];
  const said: Pick<Rig, "keys" | "usage" | "answer"> = {
    keys: [keyDigest(key)],
    usage: { isAllowed: true },
    answer: () => okAsync(answerOf("data: {}\n\n")),
  };
  const handle = (request: GatewayRequest): ReturnType<Rig["answer"]> => {
    asked.push(request);
    return said.answer(request);
  };
  const parts = {
    handler: { handle },
    keyDigests: () => said.keys,
    reloadKeys: async () => {},
    usage: () => said.usage,
    version: "1.2.3",
  };
  const clock = { now: () => epochMs(1_800_000_000_000) };
  const onProblem = (problem: Failure): void => void problems.push(problem);
  const gateway = (await serveGateway({ ...parts, clock }, { port: 0, onProblem }))._unsafeUnwrap();
  const ask: Rig["fetch"] = (path, init = {}) =>
    fetch(gateway.url + path, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...plain(init.headers) },
    });
  const post: Rig["post"] = (body, init = {}) =>
    ask("/v1/responses", {
      method: "POST",
      body: JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", ...plain(init.headers) },
    });
  return Object.assign(said, {
    gateway,
    key,
    asked,
    problems,
    fetch: ask,
    post,
    [Symbol.asyncDispose]: () => gateway.close(),
  });
}

const plain = (headers: RequestInit["headers"]): Record<string, string> =>
  Object.fromEntries(new Headers(headers));

/** An answer of the upstream. */
export function answerOf(
  body: string | AnswerBody,
  headers: Record<string, string> = {},
  status = 200,
): GatewayAnswer {
  const type = { "content-type": "text/event-stream" };
  return {
    status,
    statusText: "",
    headers: new Headers({ ...type, ...headers }),
    body: typeof body === "string" ? bodyOf(body) : body,
  };
}

function bodyOf(text: string): AnswerBody {
  let isRead = false;
  return {
    read() {
      if (isRead) return { done: true };
      isRead = true;
      return { done: false, value: new TextEncoder().encode(text) };
    },
    cancel() {},
  };
}
