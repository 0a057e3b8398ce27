import { SETTINGS_DEFAULTS, type Settings } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { createRig, nextTurn, type Rig } from "./rig.ts";

describe("the health of an account", () => {
  it("SET-12: real failures over HTTP walk it healthy, degraded, down, half-open, healthy, and nobody notices", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    await choose(rig, { health: { ...SETTINGS_DEFAULTS.health, restMinMs: 60, restMaxMs: 90 } });
    rig.sim.script("work", [
      { kind: "server-error" },
      { kind: "overload" },
      // The first one may have met a connection that is kept: it is sent once more.
      { kind: "reset", times: 2 },
      { kind: "ok", times: "always" },
    ]);
    const walked: string[] = [stateOf(rig)];
    while (walked.length < 5) {
      const { text } = await rig.ask();
      expect(text).toMatch(/(work|home) answered/);
      noteState(rig, walked);
      await nextTurn();
      noteState(rig, walked);
    }
    expect(walked).toEqual(["healthy", "degraded", "down", "half-open", "healthy"]);
    // The trials were answers of its own.
    const trials = rig.sim.log().filter(({ alias, status }) => alias === "work" && status === 200);
    expect(trials.length).toBeGreaterThanOrEqual(SETTINGS_DEFAULTS.health.upAfter);
  });
});

function stateOf(rig: Rig): string {
  return rig.pool.views().find(({ alias }) => alias === "work")?.health.state ?? "gone";
}

function noteState(rig: Rig, walked: string[]): void {
  const state = stateOf(rig);
  if (state !== walked.at(-1)) walked.push(state);
}

async function choose(rig: Rig, settings: Partial<Settings>): Promise<void> {
  (await rig.pool.store.update((store) => ok({ ...store, settings })))._unsafeUnwrap();
}
