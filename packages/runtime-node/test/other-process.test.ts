import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createRig, nextTurn, type Rig } from "./rig.ts";

const WITHIN_MS = 1_000;
const SCRIPT = fileURLToPath(new URL("other-process.ts", import.meta.url));

describe("what another process did", () => {
  it("CON-21: STO-14: its refresh is used here within a second, without a refresh of our own", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    const before = rig.account("work").accessToken;
    await meanwhile(rig, "ask", () => rig.account("work").accessToken !== before);
    expect((await rig.ask()).text).toContain("work answered");
    expect(rig.sim.log().filter(({ endpoint }) => endpoint === "token")).toHaveLength(1);
  });

  it("CON-21: STO-14: its cooldown is kept here within a second", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    rig.sim.script("work", [{ kind: "usage-limit", resetsInSeconds: 3_600, times: "always" }]);
    rig.sim.script("home", [{ kind: "usage-limit", resetsInSeconds: 3_600 }]);
    await meanwhile(rig, "ask", () => !rig.pool.views().some(({ eligibility }) => eligibility.eligible));
    expect(rig.sim.log()).toHaveLength(2);
  });

  it("CON-21: STO-14: its disable is respected here within a second", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    await meanwhile(rig, "disable", () => !rig.account("work").enabled);
    for (let i = 0; i < 3; i++) expect((await rig.ask()).text).toContain("home answered");
  });
});

/** Lets the other process act, and waits until it shows here: a second after it was on disk at the latest. */
async function meanwhile(rig: Rig, what: string, shows: () => boolean): Promise<void> {
  expect(shows()).toBe(false);
  const args = ["--conditions=@open-multi-auth/source", SCRIPT, what];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...rig.env },
  });
  const writtenAt = Number(stdout);
  while (!shows()) {
    expect(Date.now()).toBeLessThan(writtenAt + WITHIN_MS);
    await nextTurn();
  }
}
