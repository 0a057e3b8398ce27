import { environmentSettings, parseEnvironment, resolveSettings } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { afterEffortRefused, probeTurns } from "./probe-turns.ts";

const turns = (env: Record<string, string> = {}, probeModels?: string[], refused?: ReadonlySet<string>) => {
  const environment = parseEnvironment(env);
  const { settings } = resolveSettings({
    persisted: { probeModels },
    runtime: {},
    environment: environmentSettings(environment),
  });
  return probeTurns(settings, environment, refused);
};
const models = (list: ReturnType<typeof turns>) => list.map(({ model }) => model);

describe("probeTurns", () => {
  it("LIM-05: begins with gpt-5.3-codex", () => {
    expect(models(turns())[0]).toBe("gpt-5.3-codex");
    expect(models(turns()).length).toBeGreaterThan(1);
  });

  it("LIM-05: takes the order of the settings, and that of the environment over it", () => {
    expect(models(turns({}, ["b", "a", "b"]))).toEqual(["b", "a"]);
    expect(models(turns({ OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "c,d" }, ["b"]))).toEqual(["c", "d"]);
  });

  it("LIM-06: asks with low effort, or with that of the environment", () => {
    expect(turns({}, ["a"])).toEqual([{ model: "a", effort: "low" }]);
    expect(turns({ OPENCODE_MULTI_AUTH_PROBE_EFFORT: "medium" }, ["a", "b"])).toEqual([
      { model: "a", effort: "medium" },
      { model: "b", effort: "medium" },
    ]);
  });

  it("LIM-06: an effort that there is not leaves the default", () => {
    expect(turns({ OPENCODE_MULTI_AUTH_PROBE_EFFORT: "extreme" }, ["a"])).toEqual([
      { model: "a", effort: "low" },
    ]);
  });

  it("LIM-18: wastes no turn on a model that was refused", () => {
    expect(models(turns({}, ["a", "b"], new Set(["a"])))).toEqual(["b"]);
  });
});

describe("afterEffortRefused", () => {
  it("LIM-18: is one more try with low, and none if it was low", () => {
    expect(afterEffortRefused({ model: "a", effort: "xhigh" })).toEqual({ model: "a", effort: "low" });
    expect(afterEffortRefused({ model: "a", effort: "low" })).toBeUndefined();
  });
});
