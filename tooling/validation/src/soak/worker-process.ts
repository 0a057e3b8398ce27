import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Order, Reply } from "./messages.ts";

/** A worker of the soak as its driver sees it. */
export interface Worker {
  /** Carries out an order; undefined where the process ended before. */
  tell(order: Order): Promise<Reply | undefined>;
  /** Has it die as it stands, in the middle of what it does. */
  crash(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Why it ended although nobody killed it; undefined while all is well. */
  fault(): string | undefined;
}

const FILE = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Starts a worker; it is ready when this resolves. */
export async function startWorker(env: Readonly<Record<string, string>>): Promise<Worker> {
  const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", FILE], {
    env: { ...env, PATH: process.env["PATH"] },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const waiting = new Map<number, (reply: Reply | undefined) => void>();
  let last = 0;
  let errors = "";
  let isKilled = false;
  let fault: string | undefined;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-4_000)));
  child.on("message", (message: { id?: number; reply?: Reply }) => {
    if (message.id === undefined) return;
    waiting.get(message.id)?.(message.reply);
    waiting.delete(message.id);
  });
  child.on("exit", (code, signal) => {
    if (!isKilled && code !== 0) fault = `ended with ${code ?? signal}: ${errors}`;
    for (const answer of waiting.values()) answer(undefined);
    waiting.clear();
  });
  const tell = (order: Order): Promise<Reply | undefined> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
      last += 1;
      waiting.set(last, resolve);
      child.send({ id: last, order });
    });
  await Promise.race([once(child, "message"), failed(child, () => errors)]);
  return {
    tell,
    async crash() {
      isKilled = true;
      await Promise.all([once(child, "exit"), tell({ kind: "crash" })]);
    },
    async kill() {
      isKilled = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    fault: () => fault,
  };
}

async function failed(child: ChildProcess, errors: () => string): Promise<never> {
  await once(child, "exit");
  throw new Error(`a worker did not start: ${errors()}`);
}
