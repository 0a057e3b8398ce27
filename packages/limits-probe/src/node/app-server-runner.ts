import { failure } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import { parseAppServerAnswer } from "../app-server-answer.ts";
import type { ProbeError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { fieldOf } from "../refusal-reason.ts";
import type { ProbeAttempt, ProbeRunner } from "../runner.ts";
import { startCodex, type CodexProcess, type Ending } from "./codex-process.ts";
import { linesOf } from "./lines.ts";
import { leanArguments, notStarted, withCodex, type CodexCliDeps, type ReadyCodex } from "./with-codex.ts";

const SOURCE = { kind: "codex-app-server" } as const;
/** It answers within a second; a person waits for it. */
const TIMEOUT_MS = 20_000;
/** From its answer to its end. */
const FAREWELL_MS = 2_000;

/** `account/rateLimits/read` of `codex app-server`: three small requests, no model turn, no quota. */
export function createAppServerRunner(deps: CodexCliDeps): ProbeRunner {
  return {
    kind: SOURCE.kind,
    spendsQuota: false,
    run: (account, signal) => withCodex(account, SOURCE, deps, (codex) => readLimits(codex, signal, deps)),
  };
}

async function readLimits(
  { binary, home, login, probed }: ReadyCodex,
  signal: AbortSignal,
  { clock, timers, upstreamUrl }: CodexCliDeps,
): Promise<ProbeAttempt> {
  const at = clock.now();
  const args = ["app-server", ...leanArguments(upstreamUrl)];
  const run = startCodex({ binary, args, home, stdin: "pipe", timeoutMs: TIMEOUT_MS, signal, timers });
  const answer = await converse(run);
  const callOff = timers.after(FAREWELL_MS, run.stop);
  const ending = await run.ended;
  callOff();
  const result = answer === undefined ? err(silence(run, ending)) : parseAppServerAnswer(answer, probed, at);
  return { source: SOURCE, login, result };
}

/** Asks one thing after the other: of limits only once the account is read, which settles the login. */
async function converse({ stdin, stdout }: CodexProcess): Promise<unknown> {
  const say = (message: object): void => void stdin?.write(`${JSON.stringify(message)}\n`);
  const clientInfo = { name: "open_multi_auth", title: "open-multi-auth", version: "0.1.0" };
  say({ id: 1, method: "initialize", params: { clientInfo } });
  say({ method: "initialized" });
  say({ id: 2, method: "account/read", params: { refreshToken: false } });
  let answer: unknown;
  for await (const line of linesOf(stdout)) {
    const message = parseJson(line);
    const id = fieldOf(message, "id");
    if (id === 2) {
      say({ id: 3, method: "account/rateLimits/read", params: { excludeResetCreditDetails: true } });
    }
    if (id !== 3) continue;
    answer = message;
    break;
  }
  stdin?.end();
  return answer;
}

function silence(run: CodexProcess, { exitCode, signal, failedToStart }: Ending): ProbeError {
  if (failedToStart !== undefined) return notStarted(failedToStart);
  if (run.wasStopped()) {
    return failure("PROBE_UNANSWERED", "the Codex CLI had no answer in time", { errorCode: "TIMEOUT" });
  }
  const details = { problem: "unknown", exitCode, signal } as const;
  return failure("PROBE_RUN_FAILED", "the Codex CLI ended without an answer", details);
}
