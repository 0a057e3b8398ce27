import { execFile } from "node:child_process";

/** One command of the earlier version, as it went. */
export interface Check {
  readonly command: string;
  readonly isGood: boolean;
  readonly output: string;
  readonly ms: number;
}

const PATIENCE_MS = 60_000;

/** Has the earlier version's program do what people do most; `alias` is the active account. */
export async function verify(
  program: string,
  alias: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const commands = [
    ["list", "--json"],
    ["status", "--json"],
    ...(alias === null
      ? []
      : [
          ["switch", alias],
          ["refresh", alias, "--tokens"],
        ]),
  ];
  const checks: Check[] = [];
  for (const command of commands) checks.push(await runProgram(program, command, env));
  return checks;
}

/** Runs one command of a program of ours. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env, timeout: PATIENCE_MS },
      (error, stdout, stderr) => {
        // `status` ends with 3 where every account rests, which is an answer.
        const isGood = error === null || error.code === 3;
        const ms = Math.round(performance.now() - startedAt);
        resolve({ command: args.join(" "), isGood, output: isGood ? stdout : stderr.trim(), ms });
      },
    );
    child.stdin?.end();
  });
}

/** The aliases that `list --json` or `status --json` shows, in any order. */
export function aliasesIn(output: string): ReadonlySet<string> {
  return new Set([...output.matchAll(/"alias":\s*"([^"]+)"/g)].map(([, alias = ""]) => alias));
}
