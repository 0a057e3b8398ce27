import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** A test script as one file: it starts in a quarter of the time that its sources take. */
export interface Script {
  /** Starts it in a process of its own. It waits for `go`. */
  start(...args: readonly string[]): ScriptProcess;
  remove(): Promise<void>;
}

/** A running {@link Script}. */
export interface ScriptProcess {
  readonly pid: number;
  /** Lines as they come; the loop ends with the process. */
  readonly lines: AsyncIterable<string>;
  go(): void;
  /** SIGKILL. */
  kill(): void;
  /** The signal or the exit code that it ended with. */
  readonly ended: Promise<string>;
}

/** Bundles `test/torture/<name>.ts`. */
export async function bundleScript(name: string): Promise<Script> {
  const folder = await mkdtemp(join(tmpdir(), "core-store-script-"));
  const file = join(folder, `${name}.mjs`);
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    platform: "node",
    resolve: { conditionNames: ["@open-multi-auth/source", "module", "node", "import", "default"] },
  });
  await bundle.write({ file, format: "esm", codeSplitting: false });
  await bundle.close();
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  return {
    start: (...args) => start([file, ...args], env),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): ScriptProcess {
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => undefined);
  return {
    pid: child.pid ?? -1,
    lines: createInterface({ input: child.stdout }),
    go: () => void child.stdin.write("\n"),
    kill: () => void child.kill("SIGKILL"),
    ended: once(child, "exit").then(([code, signal]: unknown[]) => String(signal ?? code)),
  };
}
