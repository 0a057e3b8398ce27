import { existsSync, readdirSync, readFileSync } from "node:fs";
import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { parseAppServerAnswer } from "./app-server-answer.ts";
import { judgeExecRun, type ExecRun } from "./exec-run.ts";
import type { ProbeError } from "./errors.ts";
import type { LimitsReading } from "./outcome.ts";
import type { Result } from "neverthrow";

const RECORDINGS = new URL("../test/recordings/", import.meta.url);
const PROBED = { accountId: "00000000-0000-4000-8000-0000000000aa", userId: "user-FAKE0001" };
const AT = epochMs(1_800_000_000_000);
const RESETS = { fiveHour: 1_999_990_000_000, weekly: 1_999_999_000_000 };

/** Five-hour and weekly percent left, or why the recording is not authoritative. */
type Expected = readonly [fiveHour: number | null, weekly: number | null] | string;

const RUNS: Readonly<Record<string, Expected>> = {
  "a-success": [63, 88],
  "a-success-after-only": [63, null],
  "a-success-multi": "PROBE_LIMITS_MISSING",
  "a-success-nolimits": "PROBE_LIMITS_MISSING",
  "a-success-weekly-only": [null, 36],
  "a-success-ws": [59, 87],
  "b-bad-effort": "effort-unsupported",
  "b-bad-effort-ws": "effort-unsupported",
  "c-response-failed": "unknown",
  "c-response-failed-ws": "unknown",
  "c-sse-error": "unknown",
  "c-stream-cut": "unknown",
  "c-stream-cut-ws": "unknown",
  "c-toolcall-then-400": "effort-unsupported",
  "d-usage-limit": "usage-limit",
  "d-usage-limit-noheaders": "usage-limit",
  "d-usage-limit-weekly": "usage-limit",
  "d-usage-limit-ws": "usage-limit",
  "d-usage-not-included": "usage-limit",
  "e-auth-expired": "unauthorized",
  "e-auth-invalid-grant": "unauthorized",
  "e-auth-invalidated": "unauthorized",
  "e-auth-refresh-ok": [63, 88],
  "e-auth-reused": "unauthorized",
  "f-deactivated": "workspace-deactivated",
  "f-deactivated-ws": "workspace-deactivated",
  "g-hang-SIGINT": "interrupted",
  "g-hang-SIGINT-native": "interrupted",
  "g-hang-SIGKILL": "interrupted",
  "g-hang-SIGTERM": "interrupted",
  "g-hang-SIGTERM-native": "interrupted",
  "g-hang-ws-SIGTERM": "interrupted",
  "g-orphan-after-SIGKILL-of-npm-shim": "interrupted",
  "g-silent-SIGTERM": "interrupted",
  "g-toolcall-then-SIGTERM": "interrupted",
  "h-bad-model": "model-unsupported",
  "h-bad-model-ws": "model-unsupported",
  "p-custom-auth-reused": "unauthorized",
  "p-custom-bad-effort": "effort-unsupported",
  "p-custom-deactivated": "workspace-deactivated",
  "p-custom-hang": "unknown",
  "p-custom-hang-silent": "interrupted",
  "p-custom-net-down": "unknown",
  "p-custom-overload-503": "overloaded",
  "p-custom-rate-429": "rate-limited",
  "p-custom-stream-cut": "unknown",
  "p-custom-success": [63, 88],
  "p-custom-tokencount-then-fail": "unknown",
  "p-custom-usage-limit": "usage-limit",
  "w-patch-gpt-5.5": [61, 88],
  "w-patch-gpt-6.1-sol": [61, 88],
  "w-patch-heredoc-gpt-5.5": [61, 88],
  "w-patch-heredoc-gpt-6.1-sol": [61, 88],
  "w-resume-2-resume": [56, 88],
  "w-resume-6-resume-unknown": "unknown",
  "w-resume-8-fork": [55, 88],
  "w-sandbox-bypass": [63, 88],
  "w-sandbox-danger-full-access": [63, 88],
  "w-sandbox-default": [63, 88],
  "w-sandbox-read-only": [63, 88],
  "w-sandbox-workspace-write": [63, 88],
  "w-sandbox-ww-notmp": [63, 88],
  "w-shell-gpt-5.5": [61, 88],
  "w-shell-gpt-6.1-sol": [61, 88],
  "x-api-key": "PROBE_ANSWER_FOREIGN",
  "x-net-down": "unknown",
  "x-net-down-apikey": "interrupted",
  "x-net-down-apikey-bounded": "unknown",
  "x-no-auth": "PROBE_ANSWER_FOREIGN",
  "x-no-auth-401": "unauthorized",
  "x-nogit": "unknown",
  "x-overload-503": "overloaded",
  "x-rate-429": "rate-limited",
  "x-schema": [63, 88],
};

const READS: Readonly<Record<string, Expected>> = {
  success: [63, 88],
  "auth-refresh-ok": "PROBE_REFUSED 401 token_expired",
  "auth-reused": "PROBE_REFUSED 401 token_expired",
  deactivated: "PROBE_REFUSED 402 deactivated_workspace",
  "usage-500": "PROBE_UNANSWERED 500",
  // The simulated backend that it was recorded with gave a user's id where this account has its own.
  "usage-extra": [63, 88],
  "usage-limit": [0, 58],
  "usage-weekly-only": [null, 36],
  // Turns without a read: what they say of limits on the way is no answer.
  "turn-success": "no answer",
  "turn-bad-effort": "no answer",
  "turn-usage-limit": "no answer",
};

describe("judgeExecRun", () => {
  it("knows every recording", () => {
    expect(readdirSync(new URL("exec/", RECORDINGS)).toSorted()).toEqual(Object.keys(RUNS).toSorted());
  });

  it.each(Object.entries(RUNS).map(([name, expected]) => [idsOf(expected), name, expected] as const))(
    "%s: %s is %j",
    (_ids, name, expected) => {
      expect(told(judgeExecRun(recordedRun(name), PROBED, AT))).toEqual(expected);
    },
  );
});

describe("parseAppServerAnswer", () => {
  it("knows every recording", () => {
    const names = readdirSync(new URL("app-server/", RECORDINGS)).map((file) => file.replace(".txt", ""));
    expect(names.toSorted()).toEqual(Object.keys(READS).toSorted());
  });

  it.each(Object.entries(READS))("LIM-01: %s is %j", (name, expected) => {
    const messages = recordedReads(name).map((message) => parseAppServerAnswer(message, PROBED, AT));
    expect(messages.map(told).at(-1) ?? "no answer").toEqual(expected);
  });
});

/** The lines of the acceptance that a recording proves. */
function idsOf(expected: Expected): string {
  if (typeof expected !== "string") return "LIM-01";
  if (expected === "effort-unsupported") return "LIM-02, LIM-04, LIM-28";
  if (expected === "interrupted") return "LIM-03, LIM-28";
  return expected.startsWith("PROBE_") ? "LIM-01" : "LIM-02, LIM-28";
}

/** Windows as percents left, their resets checked; or the code of the error with what tells it apart. */
function told(result: Result<LimitsReading, ProbeError>): Expected {
  if (result.isErr()) {
    const { code, details } = result.error;
    if ("problem" in details) return details.problem;
    const facts =
      "status" in details ? [details.status, "reason" in details ? details.reason : undefined] : [];
    return [code, ...facts].filter((word) => word !== undefined).join(" ");
  }
  const { fiveHour, weekly } = result.value;
  for (const [name, window] of Object.entries(result.value)) {
    expect([RESETS[name as keyof typeof RESETS], null]).toContain(window.resetAt);
    expect(window.updatedAt).toBe(AT);
  }
  return [fiveHour?.remaining ?? null, weekly?.remaining ?? null];
}

function recordedRun(name: string): ExecRun {
  const file = (part: string): URL => new URL(`exec/${name}/${part}`, RECORDINGS);
  const exit = readFileSync(file("exit.txt"), "utf8").trim();
  const isSignal = exit.startsWith("SIG");
  return {
    exitCode: isSignal ? null : Number(exit),
    signal: isSignal ? exit : null,
    stdout: readFileSync(file("stdout.jsonl"), "utf8"),
    rollout: existsSync(file("rollout.jsonl")) ? readFileSync(file("rollout.jsonl"), "utf8") : undefined,
  };
}

/** The answers to `account/rateLimits/read`, in the order in which they came. */
function recordedReads(name: string): unknown[] {
  const text = readFileSync(new URL(`app-server/${name}.txt`, RECORDINGS), "utf8");
  return [...text.matchAll(/^>> account\/rateLimits\/read[^{]*(\{.*\})$/gm)].map(
    ([, json = ""]) => JSON.parse(json) as unknown,
  );
}
