import { join } from "node:path";
import { createFileLock } from "@open-multi-auth/core-store/node";
import { epochMs, type Account } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { systemClock, systemRandom } from "../src/index.ts";
import { onDisk, writeAccount } from "./disk.ts";
import { createRig, type Rig } from "./rig.ts";

const anew = (account: Account): Account => {
  const expiresAt = epochMs(Date.now() + 3_600_000);
  return { ...account, accessToken: "at-anew", refreshToken: "rt-anew", expiresAt };
};

describe("an account that is linked anew while its old token is being refused", () => {
  it("CON-04: FAI-01: is not condemned by what the upstream said of the old one", async () => {
    let refusals = 0;
    await using rig: Rig = await createRig([{ alias: "work" }], {}, async (url, init) => {
      const answer = await fetch(url, init);
      if (answer.status === 401 && ++refusals === 2) await relink(rig);
      return answer;
    });
    rig.sim.script("work", [{ kind: "token-expired", times: "always" }]);
    await expect(rig.ask()).rejects.toThrow("_unsafeUnwrap");
    expect(refusals).toBe(2);
    expect((await rig.pool.flush()).isOk()).toBe(true);
    expect(await onDisk(rig, "work")).toMatchObject({ accessToken: "at-anew" });
    expect(await onDisk(rig, "work")).not.toHaveProperty("authInvalid");
  });

  it("FAI-01: is not condemned by a mark that had to wait for the disk", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    rig.sim.script("work", [{ kind: "refresh-revoked" }], "token");
    const lock = createFileLock(join(rig.pool.paths.folder, "store.json.lock"), {
      clock: systemClock,
      random: systemRandom,
    });
    const held = (await lock.acquire({ deadlineMs: 1_000 }))._unsafeUnwrap();
    await expect(rig.ask()).rejects.toThrow("_unsafeUnwrap");
    expect(rig.account("work").authInvalid).toBe(true);
    await writeAccount(rig, anew(await onDisk(rig, "work")));
    await held.release();
    expect((await rig.pool.flush()).isOk()).toBe(true);
    expect(await onDisk(rig, "work")).toMatchObject({ accessToken: "at-anew" });
    expect(await onDisk(rig, "work")).not.toHaveProperty("authInvalid");
  });
});

async function relink(rig: Rig): Promise<void> {
  const account = anew(rig.account("work"));
  const linked = await rig.pool.store.update((store) =>
    ok({ ...store, accounts: { ...store.accounts, [account.alias]: account } }),
  );
  linked._unsafeUnwrap();
}
