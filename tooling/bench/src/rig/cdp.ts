import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A connection to a program's debugger: Node's inspector, or a Chromium. */
export interface Debugger {
  /** @param session of a page, where the program has some */
  ask<T = unknown>(method: string, params?: object, session?: string): Promise<T>;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Connects to the address that the program printed. */
export async function connectDebugger(address: string): Promise<Debugger> {
  const socket = new WebSocket(address);
  await once(socket, "open");
  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  let sent = 0;
  return {
    async ask<T>(method: string, params: object = {}, sessionId?: string) {
      const id = (sent += 1);
      const answered = new Promise<Message>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
      const { result, error } = await answered;
      waiting.delete(id);
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result as T;
    },
    close: () => socket.close(),
  };
}

const LISTENING = /^(?:Debugger|DevTools) listening on (ws:\/\/\S+)$/;

/** The address that a program prints when it opens its debugger. What is no remark goes on to our own error stream. */
export function addressIn(stderr: Readable, isRemark: (line: string) => boolean): Promise<string> {
  const lines = createInterface({ input: stderr });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      const address = LISTENING.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      else if (!isRemark(line)) process.stderr.write(`${line}\n`);
    });
  });
}
