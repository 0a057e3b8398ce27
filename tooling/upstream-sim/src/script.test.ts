import { describe, expect, it } from "vitest";
import type { Step } from "./behaviour.ts";
import { scriptProblem, takeStep } from "./script.ts";

describe("takeStep", () => {
  it("counts a step down and then gives way to the next", () => {
    const script: readonly Step<"responses">[] = [{ kind: "overload", times: 2 }, { kind: "hang" }];
    const first = takeStep(script, null);
    const second = takeStep(first.rest, null);
    const third = takeStep(second.rest, null);
    expect([first, second, third].map(({ step }) => step?.kind)).toEqual(["overload", "overload", "hang"]);
    expect(takeStep(third.rest, null)).toEqual({ step: null, rest: [] });
  });

  it("keeps a standing step for good", () => {
    const script: readonly Step<"responses">[] = [{ kind: "overload", times: "always" }];
    expect(takeStep(script, null)).toEqual({ step: script[0], rest: script });
  });

  it("passes over steps for other models without using them up", () => {
    const script: readonly Step<"responses">[] = [
      { kind: "model-unsupported", models: ["a"] },
      { kind: "hang" },
    ];
    expect(takeStep(script, "b")).toEqual({ step: { kind: "hang" }, rest: [script[0]] });
    expect(takeStep(script, null).step?.kind).toBe("hang");
    expect(takeStep(script, "a").step?.kind).toBe("model-unsupported");
  });
});

describe("scriptProblem", () => {
  it.each([
    ["responses", [{ kind: "refresh-reused" }], '"refresh-reused" is no behaviour of responses'],
    ["token", [{ kind: "gated-stream" }], '"gated-stream" is no behaviour of token'],
    ["usage", [{}], '"undefined" is no behaviour of usage'],
    ["responses", [{ kind: "ok", times: 0 }], 'times of "ok" is neither'],
    ["responses", [{ kind: "ok", times: 1.5 }], 'times of "ok" is neither'],
    ["responses", undefined, "steps is not a list"],
  ] as const)("refuses for %s the steps %j", (endpoint, steps, problem) => {
    expect(scriptProblem(endpoint, steps)).toContain(problem);
  });

  it("accepts what the endpoint can play", () => {
    expect(
      scriptProblem("responses", [{ kind: "stream-error" }, { kind: "ok", times: "always" }]),
    ).toBeNull();
    expect(scriptProblem("token", [{ kind: "refresh-reused", times: 3 }])).toBeNull();
  });
});
