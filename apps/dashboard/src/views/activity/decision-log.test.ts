import { describe, expect, it } from "vitest";
import type { ApiCall } from "@open-multi-auth/loopback-api/client";
import type { ApiEvent, DecisionView } from "@open-multi-auth/loopback-api/client";
import { createDecisionLog } from "./decision-log.ts";

const ids = (list: readonly { requestId: string }[] | undefined) => list?.map(({ requestId }) => requestId);

describe("createDecisionLog", () => {
  it("reads the newest, then takes what happens on top, each request once", async () => {
    const { log, tell, served } = given([decision("b"), decision("a")]);
    log.follow();
    await served();
    tell({ type: "decision", data: decision("c") });
    tell({ type: "decision", data: decision("b") });
    expect(ids(log.list.value)).toEqual(["b", "c", "a"]);
  });

  it("loses nothing that is told while the list is on its way", async () => {
    const { log, tell, served } = given([decision("a")]);
    log.follow();
    tell({ type: "decision", data: decision("b") });
    tell({ type: "decision", data: decision("a") });
    tell({ type: "decision", data: decision("c") });
    await served();
    expect(ids(log.list.value)).toEqual(["c", "a", "b"]);
  });

  it("keeps new ones waiting while somebody reads, and shows them then", async () => {
    const { log, tell, served } = given([decision("a")]);
    log.follow();
    await served();
    log.hold(true);
    tell({ type: "decision", data: decision("b") });
    expect(ids(log.list.value)).toEqual(["a"]);
    expect(ids(log.waiting.value)).toEqual(["b"]);
    log.hold(false);
    expect(ids(log.list.value)).toEqual(["b", "a"]);
    expect(log.waiting.value).toEqual([]);
  });

  it("asks again where some were not told, and stops when it is left", async () => {
    const { log, tell, served, asked } = given([decision("a")]);
    const leave = log.follow();
    await served();
    tell({ type: "gap", data: { missed: 3 } });
    await served();
    tell({ type: "hello", data: { version: "1", complete: true } });
    expect(asked).toHaveLength(2);
    leave();
    tell({ type: "gap", data: { missed: 3 } });
    expect(asked).toHaveLength(2);
  });

  it("goes on to older ones after the last that it has", async () => {
    const page = Array.from({ length: 100 }, (_, index) => decision(`n${index}`));
    const { log, served, asked } = given(page);
    log.follow();
    await served();
    expect(log.hasOlder.value).toBe(true);
    await log.older();
    expect(asked.at(-1)).toContain(`before=${encodeURIComponent(page[99]!.at)}`);
  });

  it("keeps what it has when the server fails", async () => {
    const { log, served, fail } = given([decision("a")]);
    log.follow();
    await served();
    fail();
    await log.reload();
    expect(ids(log.list.value)).toEqual(["a"]);
    expect(log.problem.value?.code).toBe("STORE_UNAVAILABLE");
  });
});

function given(decisions: readonly DecisionView[]) {
  const asked: string[] = [];
  const answers: Promise<unknown>[] = [];
  let listener: ((event: ApiEvent) => void) | undefined;
  let isFailing = false;
  const answer = () =>
    isFailing
      ? { ok: false, status: 503, error: { code: "STORE_UNAVAILABLE", message: "no" } }
      : { ok: true, status: 200, value: { decisions }, etag: null };
  const call = ((route, input) => {
    asked.push(`${route}?${new URLSearchParams(input?.query as Record<string, string>).toString()}`);
    const answered = Promise.resolve(answer());
    answers.push(answered);
    return answered;
  }) as ApiCall;
  const log = createDecisionLog({
    call,
    onEvent: (wanted) => {
      listener = wanted;
      return () => {
        listener = undefined;
      };
    },
  });
  return {
    log,
    asked,
    tell: (event: ApiEvent) => listener?.(event),
    fail: () => (isFailing = true),
    served: () => Promise.all(answers),
  };
}

function decision(requestId: string): DecisionView {
  return {
    requestId,
    at: "2026-11-21T12:00:00.000Z",
    strategy: "round-robin",
    selectedAlias: "work",
    why: "strategy",
    explanation: { brief: "Next in turn", sentence: "Next in turn." },
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 1, disabled: 0 },
    candidates: [],
    attempts: [],
    outcome: "served",
    firstByteMs: 5,
    totalMs: 9,
  };
}
