import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Link } from "../src/index.ts";
import { alias, createLinkingRig, type LinkingRig } from "./linking-rig.ts";

let rig: LinkingRig;

beforeEach(async () => {
  rig = await createLinkingRig([{ alias: "work" }]);
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("linking with a user code", () => {
  it("AUT-02: links the account that the code was entered for, asking no faster than the interval", async () => {
    const link = await startDevice();
    const { prompt } = link;
    expect(prompt).toMatchObject({
      kind: "device",
      verificationUrl: `${rig.sim.issuerUrl}/codex/device`,
      intervalMs: 5_000,
    });
    expect(link.expiresAt - rig.time.now()).toBe(900_000);
    await nextPollIn(5_000);
    await pass(5_000, 1);
    await nextPollIn(5_000);
    await pass(5_000, 2);
    await nextPollIn(5_000);
    expect(link.state()).toEqual({ phase: "waiting" });
    await enter(link, "work");
    await pass(5_000, 3);
    expect(await link.settled).toMatchObject({ phase: "done", report: { alias: "mine", outcome: "added" } });
    const { refreshToken } = rig.sim.tokensOf("work");
    expect(rig.account("mine")).toMatchObject({ refreshToken, source: "device" });
    expect(rig.time.due()).toEqual([]);
    await link.closed;
  });

  it("AUT-02: asks five seconds less often after each slow_down, for good", async () => {
    const link = await startDevice();
    await pass(5_000, 1);
    await nextPollIn(5_000);
    // Somebody else asks in between: the simulator holds both for one.
    await pollOnce(link);
    await pass(5_000, 3);
    await nextPollIn(10_000);
    await pass(10_000, 4);
    await nextPollIn(15_000);
    await pass(15_000, 5);
    await nextPollIn(20_000);
    expect(statuses()).toEqual([403, 429, 429, 429, 429]);
    expect(link.state()).toEqual({ phase: "waiting" });
  });

  it("AUT-02: ends when the code expires, and when the person refuses", async () => {
    const expired = await startDevice();
    rig.time.pass(900_000);
    expect(await expired.settled).toMatchObject({
      phase: "failed",
      failure: { code: expect.stringMatching(/^(LINK_TIMEOUT|DEVICE_CODE_EXPIRED)$/) },
    });
    const refused = await startDevice();
    await enter(refused, "");
    rig.time.pass(5_000);
    expect(await refused.settled).toMatchObject({ phase: "failed", failure: { code: "SIGN_IN_DENIED" } });
    expect(rig.pool.store.state().accounts).toEqual({});
  });

  it("AUT-02: asks on while the upstream does not answer, and not at all once cancelled", async () => {
    const link = await startDevice();
    await pass(5_000, 1);
    await nextPollIn(5_000);
    link.cancel();
    expect(await link.settled).toEqual({ phase: "cancelled" });
    expect(rig.time.due()).toEqual([]);
  });

  it("AUT-02: says so where the upstream does not offer it", async () => {
    await rig.sim.close();
    const started = await rig.linking.start({ method: "device" });
    expect(started._unsafeUnwrapErr()).toMatchObject({
      code: "TOKEN_ENDPOINT_UNREACHABLE",
      details: { errorCode: "ECONNREFUSED" },
    });
    rig = await createLinkingRig([], {
      OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: `${rig.sim.issuerUrl.replace(/\d+$/, "")}9/elsewhere`,
    });
    expect((await rig.linking.start({ method: "device" })).isErr()).toBe(true);
  });
});

const startDevice = (): Promise<Link> => rig.start({ method: "device", alias: alias("mine") });
const looks = () => rig.sim.log().filter(({ endpoint }) => endpoint === "device-token");
const polls = (): number => looks().length;
const statuses = (): (number | null)[] => looks().map(({ status }) => status);

/** The answer to the last poll was read, and the next waits so long. */
const nextPollIn = (ms: number): Promise<void> => expect.poll(() => rig.time.due()).toContain(ms);

/** Lets time pass and waits until so many polls were answered. */
async function pass(ms: number, count: number): Promise<void> {
  rig.time.pass(ms);
  await rig.sim.waitForLog(() => polls() === count && looks().every(({ outcome }) => outcome === "done"));
}

async function enter({ prompt }: Link, account: string): Promise<void> {
  if (prompt.kind !== "device") throw new Error("this link has no user code");
  await fetch(`${prompt.verificationUrl}?user_code=${prompt.userCode}&sim_account=${account}`);
}

async function pollOnce({ prompt }: Link): Promise<void> {
  const userCode = prompt.kind === "device" ? prompt.userCode : "";
  await fetch(`${rig.sim.issuerUrl}/api/accounts/deviceauth/token`, {
    method: "POST",
    body: JSON.stringify({ device_auth_id: deviceId(), user_code: userCode }),
  });
}

/** The simulator gives it to the client alone; its next poll says it. */
function deviceId(): unknown {
  const [first] = looks();
  return (first?.body as Record<string, unknown> | undefined)?.["device_auth_id"];
}
