import { describe, expect, it } from "vitest";
import { parseRollout } from "./rollout.ts";

const META = {
  type: "session_meta",
  payload: { id: "thread", creator_account_id: "workspace", creator_user_id: "user-1" },
};
const window = (used_percent: number, window_minutes = 300) => ({
  used_percent,
  window_minutes,
  resets_at: 1,
});
const limits = (used: number, limit_id = "codex") => ({ limit_id, primary: window(used), secondary: null });
const event = (payload: object) => ({ type: "event_msg", payload });
const count = (rate_limits: unknown, info: unknown = {}) => event({ type: "token_count", info, rate_limits });
const STARTED = event({ type: "task_started" });
const DONE = event({ type: "task_complete", error: null });

const used = (...lines: (object | string)[]) =>
  parseRollout(
    [META, ...lines].map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  )?.limits?.primary?.used_percent;

describe("parseRollout", () => {
  it("keeps the last numbers of the codex family, though another family follows", () => {
    expect(
      used(STARTED, count(limits(10)), count(limits(20)), count(limits(99, "codex_bengalfox")), DONE),
    ).toBe(20);
  });

  it("believes events only, not what a tool printed or a prompt says", () => {
    const printed = JSON.stringify(count(limits(99)));
    const output = { type: "response_item", payload: { type: "function_call_output", output: printed } };
    const look = { type: "response_item", payload: count(limits(98)).payload };
    const text = event({ type: "agent_message", message: printed });
    expect(used(STARTED, count(limits(10)), output, look, text, DONE)).toBe(10);
  });

  it("passes over numbers of a request that failed, of no family, and of none", () => {
    expect(
      used(
        STARTED,
        count(limits(10)),
        count(limits(50), null),
        count({ ...limits(60), limit_id: null }),
        count(null),
      ),
    ).toBe(10);
  });

  it("takes nothing over from an earlier turn", () => {
    expect(used(STARTED, count(limits(10)), DONE, STARTED, DONE)).toBeUndefined();
  });

  it("reads what is there of a file that was cut", () => {
    expect(used(STARTED, count(limits(10)), JSON.stringify(count(limits(20))).slice(0, 60))).toBe(10);
  });

  it("is nothing without its first line", () => {
    expect(parseRollout(JSON.stringify(count(limits(10))))).toBeUndefined();
    expect(parseRollout("")).toBeUndefined();
  });

  it("knows a fork by its own first line", () => {
    const origin = { ...META, payload: { ...META.payload, id: "origin" } };
    expect(parseRollout([META, origin].map((line) => JSON.stringify(line)).join("\n"))?.threadId).toBe(
      "thread",
    );
  });
});
