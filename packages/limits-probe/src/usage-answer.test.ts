import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { parseUsageAnswer } from "./usage-answer.ts";

const AT = epochMs(1_800_000_000_000);
const PROBED = { accountId: "workspace-1", userId: "user-1" };
const FIVE_HOUR = {
  used_percent: 37,
  limit_window_seconds: 18_000,
  reset_after_seconds: 3_600,
  reset_at: 1_999_990_000,
};
const WEEKLY = { used_percent: 12, limit_window_seconds: 604_800, reset_at: 1_999_999_000 };
const USAGE = {
  user_id: "user-1",
  account_id: "workspace-1",
  email: "someone@example.test",
  plan_type: "plus",
  rate_limit: { allowed: true, limit_reached: false, primary_window: FIVE_HOUR, secondary_window: WEEKLY },
  additional_rate_limits: [
    {
      metered_feature: "codex_bengalfox",
      rate_limit: { primary_window: { ...FIVE_HOUR, used_percent: 99 } },
    },
  ],
};
const limits = (primary: unknown, secondary: unknown): object => ({
  ...USAGE,
  rate_limit: { primary_window: primary, secondary_window: secondary },
});
const parse = (body: unknown, status = 200) =>
  parseUsageAnswer({ status, body: typeof body === "string" ? body : JSON.stringify(body) }, PROBED, AT);
const left = (body: unknown) =>
  parse(body).map(({ fiveHour, weekly }) => [fiveHour?.remaining, weekly?.remaining]);

describe("parseUsageAnswer", () => {
  it("reads both windows of the codex family", () => {
    expect(parse(USAGE)._unsafeUnwrap()).toEqual({
      fiveHour: { remaining: 63, resetAt: 1_999_990_000_000, windowMinutes: 300, updatedAt: AT },
      weekly: { remaining: 88, resetAt: 1_999_999_000_000, windowMinutes: 10_080, updatedAt: AT },
    });
  });

  it.each([
    ["swapped slots", limits(WEEKLY, FIVE_HOUR), [63, 88]],
    ["a weekly window alone, as the first", limits(WEEKLY, null), [undefined, 88]],
    ["a weekly window alone, without the other slot", limits(WEEKLY, undefined), [undefined, 88]],
    ["lengths rounded down", limits({ ...FIVE_HOUR, limit_window_seconds: 17_940 }, null), [63, undefined]],
    [
      "a window of another length beside it",
      limits({ ...FIVE_HOUR, limit_window_seconds: 3_600 }, WEEKLY),
      [undefined, 88],
    ],
    ["more used than there is", limits({ ...FIVE_HOUR, used_percent: 103 }, WEEKLY), [0, 88]],
    ["nothing used", limits({ ...FIVE_HOUR, used_percent: 0 }, WEEKLY), [100, 88]],
    ["the user's id as that of a personal workspace", { ...USAGE, account_id: "user-1" }, [63, 88]],
    ["no ids", { rate_limit: USAGE.rate_limit }, [63, 88]],
  ])("LIM-01: reads %s", (_name, body, expected) => {
    expect(left(body)._unsafeUnwrap()).toEqual(expected);
  });

  it.each([
    ["beyond 2038", { reset_at: 4_102_444_800 }, 4_102_444_800_000],
    ["told only as seconds from now", { reset_at: undefined }, AT + 3_600_000],
    ["unknown", { reset_at: null, reset_after_seconds: null }, null],
    ["zero, which is none", { reset_at: 0, reset_after_seconds: undefined }, null],
  ])("reads a reset that is %s", (_name, change, expected) => {
    const reading = parse(limits({ ...FIVE_HOUR, ...change }, WEEKLY))._unsafeUnwrap();
    expect(reading.fiveHour?.resetAt).toBe(expected);
  });

  it.each([
    ["a body cut short", JSON.stringify(USAGE).slice(0, -40), "PROBE_ANSWER_INVALID"],
    ["an empty body", "", "PROBE_ANSWER_INVALID"],
    ["a page instead of JSON", "<html>sign in</html>", "PROBE_ANSWER_INVALID"],
    ["JSON that is no object", "null", "PROBE_ANSWER_INVALID"],
    ["an error", { error: { code: "token_expired" } }, "PROBE_ANSWER_INVALID"],
    ["an error beside numbers", { ...USAGE, error: { message: "no" } }, "PROBE_ANSWER_INVALID"],
    ["a detail beside numbers", { ...USAGE, detail: "Unauthorized" }, "PROBE_ANSWER_INVALID"],
    ["a percentage of null", limits({ ...FIVE_HOUR, used_percent: null }, WEEKLY), "PROBE_ANSWER_INVALID"],
    ["a percentage as text", limits({ ...FIVE_HOUR, used_percent: "37" }, WEEKLY), "PROBE_ANSWER_INVALID"],
    ["a negative percentage", limits({ ...FIVE_HOUR, used_percent: -1 }, WEEKLY), "PROBE_ANSWER_INVALID"],
    ["a window without a length", limits({ used_percent: 1 }, WEEKLY), "PROBE_ANSWER_INVALID"],
    ["no limits", { ...USAGE, rate_limit: null }, "PROBE_LIMITS_MISSING"],
    ["no windows", limits(null, null), "PROBE_LIMITS_MISSING"],
    ["another workspace", { ...USAGE, account_id: "workspace-2" }, "PROBE_ANSWER_FOREIGN"],
    ["another user", { ...USAGE, user_id: "user-2" }, "PROBE_ANSWER_FOREIGN"],
    [
      "another person's own workspace",
      { ...USAGE, account_id: "user-2", user_id: "user-2" },
      "PROBE_ANSWER_FOREIGN",
    ],
  ])("LIM-08, LIM-29: refuses %s in a 200", (_name, body, code) => {
    expect(parse(body)._unsafeUnwrapErr().code).toBe(code);
  });

  it.each([
    [401, { error: { code: "token_expired" } }, "PROBE_REFUSED", "token_expired"],
    [402, { detail: { code: "deactivated_workspace" } }, "PROBE_REFUSED", "deactivated_workspace"],
    [403, "<html>", "PROBE_REFUSED", undefined],
    [302, "", "PROBE_REFUSED", undefined],
    [429, USAGE, "PROBE_UNANSWERED", undefined],
    [500, { error: { message: "secret of someone@example.test" } }, "PROBE_UNANSWERED", undefined],
  ])("counts nothing of a %d", (status, body, code, reason) => {
    const error = parse(body, status)._unsafeUnwrapErr();
    expect(error.code).toBe(code);
    expect("reason" in error.details ? error.details.reason : undefined).toBe(reason);
    expect(JSON.stringify(error)).not.toContain("someone");
  });
});
