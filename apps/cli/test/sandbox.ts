import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import config from "../rolldown.config.ts";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A throw-away home folder, in which the built program runs as a process of its own. */
export interface Sandbox {
  readonly home: string;
  readonly env: Record<string, string>;
  oma(...args: string[]): Promise<Ended>;
  path(...names: string[]): string;
  write(name: string, content: string | object): Promise<string>;
  read(name: string): Promise<string>;
  has(name: string): boolean;
  /** The accounts as the store has them. */
  accounts(): Promise<Record<string, Record<string, unknown>>>;
  remove(): Promise<void>;
}

/** Builds the program as it is published, away from any checkout. */
export async function buildProgram(): Promise<{ program: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "oma-build-"));
  const [output] = [config.output].flat();
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  await build({ ...config, plugins: [], cwd, output: { ...output, dir: folder }, logLevel: "warn" });
  await chmod(join(folder, "oma.js"), 0o755);
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  return { program: join(folder, "oma.js"), remove: () => rm(folder, { recursive: true }) };
}

/** Makes a home folder for a program; `node` runs it. */
export async function createSandbox(program: string, node: string = process.execPath): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), "oma-home-"));
  const path = (...names: string[]): string => join(home, ...names);
  const env: Record<string, string> = { HOME: home, PATH: path("bin") };
  const read = (name: string): Promise<string> => readFile(path(name), "utf8");
  return {
    home,
    env,
    path,
    read,
    has: (name) => existsSync(path(name)),
    oma: (...args) =>
      new Promise((resolve) => {
        const child = execFile(
          node,
          [program, ...args],
          { env, cwd: home, timeout: 45_000 },
          (error, stdout, stderr) =>
            resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
        child.stdin?.end();
      }),
    async write(name, content) {
      await mkdir(dirname(path(name)), { recursive: true });
      const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
      await writeFile(path(name), text);
      return path(name);
    },
    accounts: async () => JSON.parse(await read(".local/share/open-multi-auth/store.json")).accounts,
    remove: () => rm(home, { recursive: true }),
  };
}

/** A login of the Codex CLI for a person, of a day when it was made: a later one lives longer. */
export function codexAuth(name: string, day = 1) {
  const exp = Date.UTC(2100, 0, day) / 1000;
  const claims = {
    chatgpt_account_id: `workspace-${name}`,
    chatgpt_user_id: `user-${name}`,
    chatgpt_plan_type: "plus",
  };
  const token = (more: object): string => jwt({ exp, "https://api.openai.com/auth": claims, ...more });
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: token({ email: `${name}@example.com` }),
      access_token: token({}),
      refresh_token: `rt_${name}_${day}_canary`,
      account_id: `workspace-${name}`,
    },
    last_refresh: "2026-11-21T09:55:53.304803690Z",
  };
}

/** The same person's login as OpenCode keeps it. */
export function openCodeAuth(name: string, day = 1): object {
  const { tokens } = codexAuth(name, day);
  const { access_token: access, refresh_token: refresh, account_id: accountId } = tokens;
  return { openai: { type: "oauth", refresh, access, expires: Date.UTC(2100, 0, day), accountId } };
}

function jwt(claims: object): string {
  const [head, body] = [{ alg: "none" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return `${head}.${body}.c2ln`;
}
