import { epochMs, failure, type AccountView, type DecisionRecord } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { NOW, uncoloured } from "../testing.ts";
import { remainingText, stateText } from "./account.ts";
import { closest } from "./closest.ts";
import { coloursFor } from "./colours.ts";
import { decisionLimitsText } from "./decision-limits.ts";
import { decisionText } from "./decision.ts";
import { diffText } from "./diff.ts";
import { exitCodeOf, failureLines } from "./failures.ts";
import { statusText } from "./status.ts";
import { plain, table } from "./text.ts";
import { spokenInstant, spokenLength } from "./time.ts";

const STYLE = { now: NOW, colours: uncoloured, thresholds: { criticalThreshold: 10, lowThreshold: 30 } };

describe("coloursFor", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
  ])("terminal %s with %j paints: %s", (isTerminal, env, painted) => {
    const text = coloursFor(isTerminal, env).red("x");
    expect(text).toBe(painted ? "\u001B[31mx\u001B[39m" : "x");
  });
});

describe("table", () => {
  it("aligns columns whatever is painted, and leaves no space at the end of a line", () => {
    const { red } = coloursFor(true, {});
    expect(
      table([
        ["a", "bb", "c"],
        [red("aaa"), "b", ""],
      ]),
    ).toBe(`a    bb  c\n${red("aaa")}  b`);
  });
});

describe("plain", () => {
  it("shows no control character and none that turns the direction", () => {
    expect(plain("a\u001B[2Jb\nc\u202Ed\u0085")).toBe("a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFD");
  });
});

describe("spokenLength", () => {
  it.each([
    [0, "0 s"],
    [999, "1 s"],
    [61_000, "1 min 1 s"],
    [3_600_000, "1 h"],
    [3_605_000, "1 h"],
    [11_100_000, "3 h 5 min"],
    [90_061_000, "1 d 1 h"],
    [-5, "0 s"],
  ])("%d ms are %s", (ms, spoken) => {
    expect(spokenLength(ms)).toBe(spoken);
  });

  it("tells past from future", () => {
    expect(spokenInstant("2026-11-21T12:05:00.000Z", NOW)).toBe("in 5 min");
    expect(spokenInstant("2026-11-21T11:55:00.000Z", NOW)).toBe("5 min ago");
  });
});

describe("closest", () => {
  it("suggests what is near and nothing else", () => {
    expect(closest("lst", ["list", "enable"])).toBe("list");
    expect(closest("enabel", ["list", "enable", "disable"])).toBe("enable");
    expect(closest("xyz", ["list", "why"])).toBeUndefined();
  });
});

describe("failureLines", () => {
  it("says what happened and what to do", () => {
    const lines = failureLines(failure("LAST_ENABLED_ACCOUNT", "it is the last", {}), uncoloured);
    expect(lines).toBe(
      "error LAST_ENABLED_ACCOUNT: it is the last\nfix: enable another account first, or add --allow-none",
    );
  });

  it("prefers the failure's own advice, and makes none up", () => {
    expect(failureLines(failure("STORE_LOCKED", "m", { fix: "wait" }), uncoloured)).toContain("fix: wait");
    expect(failureLines(failure("constructor", "m", {}), uncoloured)).toBe("error constructor: m");
  });

  it.each([
    ["USAGE", 2],
    ["ENVIRONMENT_INVALID", 2],
    ["NO_ELIGIBLE_ACCOUNTS", 3],
    ["ALL_ACCOUNTS_EXHAUSTED", 3],
    ["ACCOUNT_NOT_FOUND", 1],
    ["never heard of", 1],
  ])("%s ends with %d", (code, exit) => {
    expect(exitCodeOf(failure(code, "", {}))).toBe(exit);
  });
});

describe("account texts", () => {
  it("gives every reason and the countdown", () => {
    const eligibility = {
      eligible: false,
      reasons: ["disabled", "cooling-down"] as const,
      at: "2026-11-21T15:05:00.000Z",
    };
    expect(
      stateText(
        view({ eligibility: { ...eligibility, reasons: [...eligibility.reasons] } }),
        NOW,
        uncoloured,
      ),
    ).toBe("disabled, cooling down, ready in 3 h 5 min");
  });

  it("says unknown where nothing was measured, never 0 %", () => {
    expect(remainingText(view(), "fiveHour")).toBe("unknown");
    const text = statusText(view(), STYLE);
    expect(text).toContain("5 h     unknown");
    expect(text).not.toContain("%");
  });

  it("ACC-01: shows who disabled an account, when and why", () => {
    const disabled = view({
      enabled: false,
      disabledAt: "2026-11-21T11:00:00.000Z",
      disabledBy: { via: "cli", user: "ann" },
      disableReason: "holiday",
    });
    expect(statusText(disabled, STYLE)).toContain("disabled  1 h ago by ann: holiday");
  });
});

const RECORD = {
  requestId: "r-1",
  at: NOW,
  strategy: "round-robin",
  selectedAlias: "b",
  why: "strategy",
  fallbackReason: "quota-exhausted",
  forceState: { active: false },
  enabledState: { enabled: 2, disabled: 1 },
  candidates: [
    { alias: "a", eligible: true },
    { alias: "b", eligible: true },
    { alias: "c", eligible: false, reason: "disabled" },
  ],
  attempts: [
    { alias: "a", verdict: "quota", status: 429, ms: 12.4 },
    { alias: "b", verdict: "served", status: 200, ms: 30 },
  ],
  outcome: "served",
  firstByteMs: 40,
  totalMs: 500,
  replay: { now: NOW },
} satisfies DecisionRecord;

describe("decisionText", () => {
  it("tells candidates with reasons, attempts and the outcome", () => {
    expect(decisionText(RECORD, NOW, uncoloured).split("\n")).toEqual([
      "request r-1",
      "  at             2026-11-21T12:00:00.000Z (0 s ago)",
      "  model          unknown",
      "  outcome        served",
      "  account        b",
      "  why            The strategy round-robin took a: next in turn. a reached its limit before any output, so the request moved to b.",
      "  moved because  quota-exhausted",
      "  strategy       round-robin",
      "  accounts       2 enabled, 1 disabled",
      "  time           500 ms, first byte after 40 ms",
      "",
      "candidates",
      "  a  eligible",
      "  b  eligible",
      "  c  not eligible  disabled",
      "",
      "attempts",
      "  1.  a  quota   status 429  12 ms",
      "  2.  b  served  status 200  30 ms",
    ]);
  });

  it("FRC-08: says who was forced, and why the request went past it", () => {
    const until = epochMs(NOW + 3_600_000);
    const forcedTo = (alias: string) =>
      decisionText({ ...RECORD, forceState: { active: true, alias, until } }, NOW, uncoloured);
    expect(forcedTo("b")).toMatch(/^ {2}forced {9}b until 2026-11-21T13:00:00.000Z$/m);
    expect(forcedTo("c")).toMatch(/^ {2}forced {9}c until 2026-11-21T13:00:00.000Z, not used: disabled$/m);
    expect(forcedTo("a")).toMatch(/not used: it did not answer$/m);
  });
});

describe("decisionLimitsText", () => {
  it("LIM-20: names the model, the session file and the time of what a model turn told, and of what failed since", () => {
    const source = { kind: "codex-exec", model: "gpt-5.3-codex", file: "rollout-1.jsonl" } as const;
    const measured = view({
      alias: "b",
      limits: { fiveHour: null, weekly: null, at: "2026-11-21T11:50:00.000Z", source },
      limitsConfidence: "error",
      limitError: "Codex CLI (exec) with gpt-5.5: it broke off",
      lastLimitErrorAt: "2026-11-21T11:59:00.000Z",
    });
    expect(decisionLimitsText(RECORD, [measured], NOW, uncoloured).split("\n")).toEqual([
      "limits by now",
      "  b  error, measured 10 min ago by the Codex CLI (exec) with gpt-5.3-codex, session rollout-1.jsonl",
      "     failed 1 min ago: Codex CLI (exec) with gpt-5.5: it broke off",
    ]);
    expect(decisionLimitsText(RECORD, [], NOW, uncoloured)).toBe("limits by now\n  none");
  });
});

describe("diffText", () => {
  it("shows the lines that change with a little around them", () => {
    const before = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n';
    const after = '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "plugin": ["x"]\n}\n';
    expect(diffText({ path: "/f", before, after }, uncoloured)).toBe(
      '/f\n    "a": 1,\n    "b": 2,\n-   "c": 3\n+   "c": 3,\n+   "plugin": ["x"]\n  }',
    );
    expect(diffText({ path: "/f", before: null, after: "{\n}\n" }, uncoloured)).toBe("/f (new)\n+ {\n+ }");
    expect(diffText({ path: "/f", before: "{\n}\n", after: null }, uncoloured)).toBe(
      "/f (removed)\n- {\n- }",
    );
  });
});

function view(over: Partial<AccountView> = {}): AccountView {
  return {
    id: "acc_1",
    alias: "work",
    enabled: true,
    active: false,
    forced: false,
    eligibility: { eligible: true, reasons: [] },
    health: { state: "healthy" },
    limits: null,
    limitsConfidence: "unknown",
    limitStatus: "idle",
    weight: 1,
    reservePercent: 0,
    usageCount: 0,
    tags: [],
    auth: { state: "valid" },
    ...over,
  };
}
