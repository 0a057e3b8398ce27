import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprint } from "@open-multi-auth/auth-oauth";
import { bundleScript, type Script } from "./torture/script.ts";
import { createRig, linkOnly } from "./rig.ts";

const ROUNDS = 25;
const PROCESSES = 4;
const CALLERS = 4;
const EXCHANGE_MS = 200;

let script: Script;
beforeAll(async () => {
  script = await bundleScript("asker");
});
afterAll(() => script[Symbol.asyncDispose]());

describe("16 demands at once for one expired token", () => {
  it(`AUT-04: ${ROUNDS} times, ${PROCESSES} processes with ${CALLERS} callers each make one exchange, and all get its token`, async () => {
    await using rig = await createRig([], {}, globalThis.fetch, { revokeFamilyOnReuse: true });
    const processes = Array.from({ length: PROCESSES }, () => script.start(rig.env));
    const heard = () => Promise.all(processes.map((one) => one.line()));
    expect(await heard()).toEqual(Array(PROCESSES).fill("ready"));

    for (let round = 0; round < ROUNDS; round += 1) {
      const alias = `round-${round}`;
      rig.sim.addAccount({ alias });
      await linkOnly(rig, alias, { expired: true });
      rig.sim.clearLog();
      // Long enough for all of them to ask while the first one's exchange is under way.
      rig.sim.script(alias, [{ kind: "ok", delayMs: EXCHANGE_MS }], "token");
      for (const one of processes) one.tell(`id-${alias}`);
      expect(await heard()).toEqual(Array(PROCESSES).fill("asking"));
      const answers = (await heard()).flatMap((line) => JSON.parse(line ?? "[]") as string[]);
      const { accessToken, refreshToken } = rig.sim.tokensOf(alias);
      expect(answers).toEqual(Array(PROCESSES * CALLERS).fill(fingerprint(accessToken)));
      const exchanges = rig.sim.log().filter(({ endpoint }) => endpoint === "token");
      expect(exchanges.map(({ grant }) => grant?.result)).toEqual(["granted"]);
      await rig.pool.store.reload();
      expect(rig.account(alias)).toMatchObject({ accessToken, refreshToken });
    }
    for (const one of processes) one.kill();
    await Promise.all(processes.map(({ ended }) => ended));
  });
});
