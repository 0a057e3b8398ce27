import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** `oma gateway` in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  /** Opens it. */
  readonly key: string;
  /** Bytes in use after a garbage collection; undefined where it has ended. */
  heapUsed(): Promise<number | undefined>;
  /** Ends it as a person would, and tells what was wrong with it: that it had ended before, how it ended, what it complained of. */
  end(): Promise<string | undefined>;
}

const SOURCE = "--conditions=@open-multi-auth/source";
const CLI = fileURLToPath(new URL("../../../../apps/cli/src/oma.ts", import.meta.url));
const PROBE = new URL("probe.ts", import.meta.url).href;

/** Makes a key and starts the gateway; it listens when this resolves. */
export async function startGateway(
  env: Readonly<Record<string, string>>,
  port: number,
): Promise<GatewayProcess> {
  const own = { ...env, PATH: process.env["PATH"] };
  const made = await promisify(execFile)(process.execPath, [SOURCE, CLI, "key", "create", "soak"], {
    env: own,
  });
  const child = fork(CLI, ["gateway", "--port", String(port)], {
    env: own,
    execArgv: [SOURCE, "--expose-gc", "--import", PROBE],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let complaints = "";
  child.stderr
    ?.setEncoding("utf8")
    .on("data", (text: string) => (complaints = (complaints + text).slice(-4_000)));
  if (child.stdout === null) throw new Error("the gateway has no output to read");
  await Promise.race([once(createInterface(child.stdout), "line"), once(child, "exit")]);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    url: `http://127.0.0.1:${port}`,
    key: made.stdout.trim(),
    heapUsed: async () => (hasEnded() ? undefined : await heapUsed(child)),
    async end() {
      const early = hasEnded();
      if (!early) {
        const exited = once(child, "exit");
        child.kill("SIGTERM");
        await exited;
      }
      const how = child.exitCode ?? child.signalCode;
      if (early) return `the gateway ended by itself with ${how}: ${complaints}`;
      return how === 0 && complaints === "" ? undefined : `the gateway ended with ${how}: ${complaints}`;
    },
  };
}

async function heapUsed(child: ChildProcess): Promise<number | undefined> {
  const answered = new AbortController();
  const { signal } = answered;
  try {
    const answer = Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(() => []),
    ]);
    // Where it has ended by now, its end is the answer.
    child.send("heap", () => {});
    const [bytes] = (await answer) as [number?];
    return bytes;
  } finally {
    answered.abort();
  }
}
