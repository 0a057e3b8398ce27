import { describe, expect, it } from "vitest";
import { openPool, poolControl, webResponse } from "../src/index.ts";
import { another, showsWithinASecond } from "./another.ts";
import { storeOnDisk } from "./disk.ts";
import { createRig, prompt } from "./rig.ts";

const ANN = { via: "cli", user: "ann" } as const;
const TWO = [{ alias: "work" }, { alias: "home" }];

describe("accounts while requests run", () => {
  it("ACC-07: a re-auth by another process does not disturb the request that is running", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [{ kind: "gated-stream", gate: "half" }]);
    const answer = (await rig.serving.handle(prompt("ses_running")))._unsafeUnwrap();
    const before = rig.account("work");
    const writtenAt = await another(rig, "relink", "work");
    await showsWithinASecond(writtenAt, () => rig.account("work").refreshToken !== before.refreshToken);
    rig.sim.releaseGate("half");
    expect(await webResponse(answer).text()).toContain("work answered");
    expect((await rig.ask()).text).toContain("work answered");
    (await rig.pool.flush())._unsafeUnwrap();
    const { accounts } = await storeOnDisk(rig);
    expect(accounts.work).toMatchObject({ usageCount: 2, health: { state: "healthy" } });
    expect(accounts.work.refreshToken).toBe(rig.sim.tokensOf("work").refreshToken);
    expect(accounts.work.authInvalid).toBeUndefined();
    const requests = rig.sim.log().filter(({ endpoint }) => endpoint === "responses");
    expect(requests.map(({ status }) => status)).toEqual([200, 200]);
    expect(rig.pool.store.state().accounts).not.toHaveProperty("unused");
  });

  it("ACC-08: with all disabled no request is served; one that is enabled serves at once here", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    (await control.disableAccount("work"))._unsafeUnwrap();
    expect((await control.disableAccount("home"))._unsafeUnwrapErr().code).toBe("LAST_ENABLED_ACCOUNT");
    (await control.disableAccount("home", { allowNone: true }))._unsafeUnwrap();
    expect((await rig.serving.handle(prompt()))._unsafeUnwrapErr()).toMatchObject({
      code: "NO_ELIGIBLE_ACCOUNTS",
      details: { attempted: [], reasons: { work: "disabled", home: "disabled" } },
    });
    expect(rig.sim.log()).toEqual([]);
    (await control.enableAccount("home"))._unsafeUnwrap();
    expect((await rig.ask()).text).toContain("home answered");
  });

  it("ACC-08: one that another process enables serves here within a second", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    for (const alias of ["work", "home"])
      (await control.disableAccount(alias, { allowNone: true }))._unsafeUnwrap();
    const writtenAt = await another(rig, "enable", "work");
    await showsWithinASecond(writtenAt, () => rig.account("work").enabled);
    expect((await rig.ask()).text).toContain("work answered");
  });

  it("ACC-12: rapid toggling ends in the state that was acknowledged last, here and on disk", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    const acknowledged: boolean[] = [];
    const toggles = Array.from({ length: 60 }, async (_, index) => {
      const enabled = index % 3 === 0;
      const done = await (enabled ? control.enableAccount("work") : control.disableAccount("work"));
      if (done.isOk()) acknowledged.push(enabled);
      // Already in that state: nothing was changed, and that was the answer.
      return done.isOk() ? "done" : done.error.code;
    });
    expect(new Set(await Promise.all(toggles))).toEqual(new Set(["done", "ALREADY_IN_STATE"]));
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(rig.account("work").enabled).toBe(acknowledged.at(-1));
    expect((await storeOnDisk(rig)).accounts.work.enabled).toBe(acknowledged.at(-1));
  });

  it("ACC-12: ends so too where two processes toggle by turns", async () => {
    await using rig = await createRig(TWO);
    const other = (await openPool({ env: rig.env }))._unsafeUnwrap();
    const controls = [rig.pool, other].map((pool) => poolControl(pool, ANN));
    for (let turn = 0; turn < 21; turn++) {
      const control = controls[turn % 2]!;
      (
        await (turn % 2 === 0 ? control.disableAccount("work") : control.enableAccount("work"))
      )._unsafeUnwrap();
      expect((await storeOnDisk(rig)).accounts.work.enabled).toBe(turn % 2 === 1);
    }
    (await other.close())._unsafeUnwrap();
    const writtenAt = Date.now();
    await showsWithinASecond(writtenAt, () => !rig.account("work").enabled);
  });
});
