import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileLock } from "@open-multi-auth/core-store/node";
import { accountViewSchema, decisionRecordSchema, epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { openPool, systemClock, systemRandom } from "../src/index.ts";
import { createRig, nextTurn } from "./rig.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("openPool", () => {
  it("OBS-01: writes one decision record per request, with the fields that are promised", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    rig.sim.script("work", [{ kind: "usage-limit" }]);
    await rig.ask("ses_a");
    const record = await rig.record();
    expect(decisionRecordSchema.safeParse(record).success).toBe(true);
    expect(record).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sessionId: "ses_a",
      model: "gpt-5.5",
      strategy: "round-robin",
      selectedAlias: "home",
      fallbackReason: "quota-exhausted",
      forceState: { active: false },
      enabledState: { enabled: 2, disabled: 0 },
      attempts: [
        { alias: "work", verdict: "quota", status: 429 },
        { alias: "home", verdict: "served", status: 200 },
      ],
      outcome: "served",
    });
    expect(record.totalMs).toBeGreaterThanOrEqual(record.firstByteMs ?? Number.POSITIVE_INFINITY);
    expect(JSON.stringify(record)).not.toContain("hello");
  });

  it("CON-15: goes on answering when neither the store nor the log can be written", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const folder = rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]!;
    // A living process holds the store, and a file is where the folder of the records should be.
    const lock = createFileLock(join(folder, "store.json.lock"), {
      clock: systemClock,
      random: systemRandom,
    });
    const held = (await lock.acquire({ deadlineMs: 0 }))._unsafeUnwrap();
    await writeFile(join(folder, "decisions"), "");
    rig.sim.script("work", [{ kind: "usage-limit" }]);
    for (let i = 0; i < 3; i++) expect((await rig.ask()).text).toContain("home answered");
    expect(rig.sim.log().map(({ status }) => status)).toEqual([429, 200, 200, 200]);
    await held.release();
    expect((await rig.pool.store.flush()).isOk()).toBe(true);
  });

  it("ACC-02: a disabled account is neither selected nor refreshed", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    rig.sim.expireAccessToken("work");
    const disabled = rig.account("work");
    rig.pool.store.apply(
      (store) => ({
        ...store,
        accounts: { ...store.accounts, [disabled.alias]: { ...disabled, enabled: false } },
      }),
      "now",
    );
    for (let i = 0; i < 4; i++) expect((await rig.ask()).text).toContain("home answered");
    expect(rig.sim.log().filter(({ endpoint }) => endpoint === "token")).toEqual([]);
  });

  it("keeps a conversation on its account when a new process continues it", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const first = await rig.ask("ses_long");
    await rig.pool.store.flush();
    const later = (await openPool({ env: rig.env }))._unsafeUnwrap();
    try {
      const bound = later.store.state().affinity?.["ses_long"];
      expect(first.text).toContain(bound?.accountId === "id-work" ? "work" : "home");
    } finally {
      await later.close();
    }
  });

  it("CON-13: a clock that is set by hours ends no conversation's binding, and time that really passed does", async () => {
    let passedMs = 0;
    let setByMs = 0;
    const startedAt = Date.now();
    const clock = { now: () => epochMs(startedAt + passedMs + setByMs), upMs: () => passedMs };
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }], {}, undefined, { clock });
    const why = async (conversation: string): Promise<string> => {
      passedMs += 1_000;
      await rig.ask(conversation);
      return (await rig.record()).why;
    };
    expect(await why("ses_a")).toBe("strategy");
    for (const hours of [3, 0, -3, 0]) {
      setByMs = hours * HOUR;
      expect(await why("ses_a")).toBe("affinity");
    }
    setByMs = -3 * HOUR;
    expect(await why("ses_b")).toBe("strategy");
    passedMs += 31 * MINUTE;
    expect(await why("ses_a")).toBe("strategy");
  });

  it("shows accounts by the contract's view, limits honestly unknown, no token anywhere", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    await rig.ask();
    await nextTurn();
    const views = rig.pool.views();
    for (const view of views) expect(accountViewSchema.strict().safeParse(view).error).toBeUndefined();
    expect(views).toMatchObject([
      { alias: "work", limits: null, limitsConfidence: "unknown", usageCount: 1 },
    ]);
    const { accessToken, refreshToken } = rig.sim.tokensOf("work");
    for (const secret of [accessToken, refreshToken]) expect(JSON.stringify(views)).not.toContain(secret);
  });
});
