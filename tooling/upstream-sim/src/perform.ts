import type { ServerResponse } from "node:http";
import type { Gates } from "./gates.ts";
import type { Reply } from "./reply.ts";
import type { StreamStep } from "./stream-plan.ts";

export interface PerformDeps {
  readonly gates: Gates;
  /** Called with the status as the head goes out. */
  readonly onHead: (status: number) => void;
  /** Called before the simulator itself breaks the exchange off. */
  readonly onCut: () => void;
}

/** Carries a reply out on the socket; resolves when nothing is left to do or the client is gone. */
export async function perform(reply: Reply, res: ServerResponse, deps: PerformDeps): Promise<void> {
  switch (reply.kind) {
    case "hang":
      return;
    case "reset":
      deps.onCut();
      res.socket?.resetAndDestroy();
      return;
    case "answer":
      deps.onHead(reply.status);
      res.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
      res.end(reply.body);
      return;
    case "stream":
      deps.onHead(200);
      res.writeHead(200, reply.headers);
      await stream(reply.steps, res, deps);
      return;
    default:
      reply satisfies never;
  }
}

/** Real milliseconds, or until the client is gone. */
export function pause(ms: number, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      res.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    res.once("close", done);
  });
}

const batchChars = 32_768;

// Events that nothing separates go out in one write; a full socket holds the generator back.
async function stream(steps: Iterable<StreamStep>, res: ServerResponse, deps: PerformDeps): Promise<void> {
  let batch = "";
  for (const step of steps) {
    if (step.move === "send") {
      batch += step.text;
      if (batch.length < batchChars) continue;
    }
    await write(batch, res);
    batch = "";
    if (step.move === "wait") await pause(step.ms, res);
    if (step.move === "gate") await Promise.race([deps.gates.passed(step.name), closed(res)]);
    if (res.destroyed) return;
    if (step.move === "cut") deps.onCut();
    if (step.move === "cut" && step.how === "drop") {
      res.socket?.destroy();
      return;
    }
  }
  res.end(batch);
}

/** Resolves when the socket has taken the text, or is gone. */
function write(text: string, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (text === "" || res.destroyed) return resolve();
    res.once("close", resolve);
    res.write(text, () => {
      res.off("close", resolve);
      resolve();
    });
  });
}

function closed(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    res.once("close", resolve);
  });
}
