import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** A test script as one file: it starts in a quarter of the time that its sources take. */
export interface Script extends AsyncDisposable {
  /** Starts it in a process of its own, with these variables only. */
  start(env: Readonly<Record<string, string>>): ScriptProcess;
}

/** A running {@link Script}. */
export interface ScriptProcess {
  /** Its next line; undefined when it has ended. */
  line(): Promise<string | undefined>;
  /** Writes it a line. */
  tell(line: string): void;
  /** SIGKILL. */
  kill(): void;
  readonly ended: Promise<unknown>;
}

/** Bundles `test/torture/<name>.ts`. */
export async function bundleScript(name: string): Promise<Script> {
  const folder = await mkdtemp(join(tmpdir(), "runtime-node-script-"));
  const file = join(folder, `${name}.mjs`);
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    platform: "node",
    resolve: { conditionNames: ["@open-multi-auth/source", "module", "node", "import", "default"] },
  });
  await bundle.write({ file, format: "esm" });
  await bundle.close();
  return {
    start: (env) => start(file, { ...env, NODE_COMPILE_CACHE: join(folder, "cache") }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function start(file: string, env: NodeJS.ProcessEnv): ScriptProcess {
  const child = spawn(process.execPath, [file], { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { done, value } = await lines.next();
      return done === true ? undefined : value;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill: () => void child.kill("SIGKILL"),
    ended: once(child, "exit"),
  };
}
