import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

import { freePort } from "./free-port.ts";
import type { OpenCodeHome } from "./home.ts";
import type { Ending, ProcessGroup } from "./process-group.ts";
import { startOpenCode, type RunOptions } from "./run.ts";
import { abortSession, createSession, promptSession, type Answer } from "./session.ts";

/** `opencode serve` ended or stayed silent; `details.output` is what it said. */
export type ServeFailed = Failure<"OPENCODE_SERVE_FAILED", { output: string }>;

/** A running `opencode serve`. */
export interface OpenCodeServer {
  readonly url: string;
  readonly pid: number;
  /** All it has printed so far. */
  output(): string;
  /** Starts a conversation; its id. */
  createSession(): Promise<string>;
  /** Asks in a conversation, a new one unless `sessionId` continues one; resolves at the answer's end. */
  prompt(text: string, sessionId?: string): Promise<Answer>;
  /** Aborts what a conversation is waiting for, as Esc does in the terminal. */
  abort(sessionId: string): Promise<void>;
  /** Ends it and everything it started. */
  close(): Promise<Ending>;
}

/** Starts `opencode serve` on a free loopback port; `timeoutMs` bounds the start only (30 s unless given). */
export async function serveOpenCode(
  home: OpenCodeHome,
  options: RunOptions = {},
): Promise<Result<OpenCodeServer, ServeFailed>> {
  const args = ["serve", "--hostname=127.0.0.1", `--port=${await freePort()}`];
  const group = startOpenCode(home, args, options);
  const output = collectOutput(group);
  const url = await listeningUrl(group, output, options.timeoutMs ?? 30_000);
  if (url === undefined) {
    await group.stop("SIGTERM");
    return err(failure("OPENCODE_SERVE_FAILED", "opencode serve did not start.", { output: output() }));
  }
  return ok({
    url,
    pid: group.child.pid ?? -1,
    output,
    createSession: () => createSession(url),
    prompt: (text, sessionId) => promptSession(url, text, sessionId),
    abort: (sessionId) => abortSession(url, sessionId),
    close: () => group.stop("SIGTERM"),
  });
}

function collectOutput({ child }: ProcessGroup): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  return () => output;
}

function listeningUrl(
  { child, ended }: ProcessGroup,
  output: () => string,
  timeoutMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, timeoutMs, undefined);
    const look = (): void => {
      const url = /listening on (http:\/\/\S+)\n/u.exec(output())?.[1];
      if (url !== undefined) settle(url);
    };
    const settle = (url: string | undefined): void => {
      clearTimeout(limit);
      child.stdout?.off("data", look);
      resolve(url);
    };
    child.stdout?.on("data", look);
    void ended.then(() => settle(undefined));
  });
}
