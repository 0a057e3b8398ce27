import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UPSTREAM_URL, type Account } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import { judgeExecRun } from "../exec-run.ts";
import type { ProbeTurn } from "../probe-turns.ts";
import type { ProbeAttempt } from "../runner.ts";
import { startCodex, type CodexProcess } from "./codex-process.ts";
import { linesOf } from "./lines.ts";
import {
  config,
  leanArguments,
  notStarted,
  withCodex,
  type CodexCliDeps,
  type ReadyCodex,
} from "./with-codex.ts";

/** An answer of one word takes seconds; the Codex CLI by itself would wait for half an hour. */
const TIMEOUT_MS = 60_000;
/** A turn prints a few lines; whatever prints more is no turn of ours. */
const MAX_OUTPUT = 4_000_000;

/** Takes one model turn with `codex exec`, and judges what it left behind. */
export function takeTurn(
  account: Account,
  turn: ProbeTurn,
  signal: AbortSignal,
  deps: CodexCliDeps,
): Promise<ProbeAttempt> {
  const source = { kind: "codex-exec", model: turn.model } as const;
  return withCodex(account, source, deps, async ({ binary, home, login, probed }) => {
    const { clock, timers, upstreamUrl } = deps;
    const at = clock.now();
    const args = turnArguments(turn, home.work, upstreamUrl);
    const run = startCodex({ binary, args, home, stdin: "ignore", timeoutMs: TIMEOUT_MS, signal, timers });
    const stdout = await outputOf(run);
    const { failedToStart, ...ending } = await run.ended;
    if (failedToStart !== undefined) return { source, login, result: err(notStarted(failedToStart)) };
    const session = await sessionIn(home);
    return {
      source: session ? { ...source, file: session.file } : source,
      login,
      result: judgeExecRun({ ...ending, stdout, rollout: session?.text }, probed, at),
    };
  });
}

function turnArguments({ model, effort }: ProbeTurn, work: string, upstreamUrl: string): string[] {
  const hermetic = ["--skip-git-repo-check", "--ignore-user-config", "--ignore-rules"];
  const harmless = ["-s", "read-only", "-C", work, ...config("web_search", '"disabled"')];
  // Without it a run waits for a network that is down, and never ends.
  const finite = ["--disable", "unbounded_connection_retries"];
  const upstream = upstreamUrl === UPSTREAM_URL ? [] : otherProvider(upstreamUrl);
  const asked = ["-m", model, ...config("model_reasoning_effort", JSON.stringify(effort))];
  return ["exec", "--json", ...hermetic, ...harmless, ...finite, ...leanArguments(upstreamUrl)].concat(
    upstream,
    asked,
    "Reply with the single word PONG.",
  );
}

/** The built-in provider goes where OpenAI tells it to, whatever upstream it was given. */
function otherProvider(upstreamUrl: string): string[] {
  const provider = [
    'name="upstream"',
    `base_url=${JSON.stringify(`${upstreamUrl}/codex`)}`,
    'wire_api="responses"',
    "requires_openai_auth=true",
    "supports_websockets=false",
    "request_max_retries=0",
    "stream_max_retries=0",
  ];
  return [
    ...config("model_provider", '"upstream"'),
    ...config("model_providers.upstream", `{${provider.join(",")}}`),
  ];
}

async function outputOf(run: CodexProcess): Promise<string> {
  let output = "";
  for await (const line of linesOf(run.stdout)) {
    output += `${line}\n`;
    if (output.length <= MAX_OUTPUT) continue;
    run.stop();
    break;
  }
  return output;
}

/** The session file of the only run in this home. */
async function sessionIn({
  codexHome,
}: ReadyCodex["home"]): Promise<{ readonly file: string; readonly text: string } | undefined> {
  const sessions = join(codexHome, "sessions");
  try {
    const names = await readdir(sessions, { recursive: true });
    const name = names.find((path) => /^rollout-.*\.jsonl$/.test(basename(path)));
    return name === undefined
      ? undefined
      : { file: basename(name), text: await readFile(join(sessions, name), "utf8") };
  } catch {
    return undefined;
  }
}
