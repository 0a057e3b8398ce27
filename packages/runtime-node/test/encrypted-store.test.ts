import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { encryptStore, passphraseKey } from "@open-multi-auth/core-store/node";
import { describe, expect, it } from "vitest";
import { openPool, systemClock, systemKeys, systemRandom } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

const PASSPHRASE = "correct horse, battery";
const ENV = { OPENCODE_MULTI_AUTH_PASSPHRASE: PASSPHRASE };

describe("a pool whose store is encrypted", () => {
  it("serves while it is encrypted and after, keeps rotated tokens, and shows no token in any file", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }], ENV);
    await rig.ask();
    const before = tokensOf(rig);
    expect(await shown(rig, before)).not.toEqual([]);
    await encrypt(rig);
    for (const alias of ["work", "home"]) rig.sim.expireAccessToken(alias);
    expect((await rig.ask("one")).text).toContain("answered");
    expect((await rig.ask("two")).text).toContain("answered");
    (await rig.pool.flush())._unsafeUnwrap();
    expect(await shown(rig, [...before, ...tokensOf(rig)])).toEqual([]);
    expect(rig.problems).toEqual([]);

    const other = (await openPool({ env: rig.env }))._unsafeUnwrap();
    const kept = Object.values(other.store.state().accounts).map(({ refreshToken }) => refreshToken);
    expect(kept).toEqual(["work", "home"].map((alias) => rig.sim.tokensOf(alias).refreshToken));
    await other.close();
  });

  it("without the key: serves while its token lives, renews no login, writes nothing in the open, and says why", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    await encrypt(rig);
    expect((await rig.ask()).text).toContain("work answered");
    expect((await rig.pool.flush())._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_SEALED",
      details: { fix: expect.stringContaining("OPENCODE_MULTI_AUTH_PASSPHRASE") },
    });
    expect(rig.problems.map(({ code }) => code)).toContain("STORE_SEALED");
    expect(await shown(rig, tokensOf(rig))).toEqual([]);

    // Others may have renewed it meanwhile: a token that cannot be read anew is not used up.
    const { refreshToken } = rig.sim.tokensOf("work");
    rig.sim.expireAccessToken("work");
    const answered = await rig.ask().then(
      () => true,
      () => false,
    );
    expect(answered).toBe(false);
    expect(rig.sim.tokensOf("work").refreshToken).toBe(refreshToken);
    expect((await openPool({ env: rig.env }))._unsafeUnwrapErr().code).toBe("STORE_SEALED");
  });
});

async function encrypt({ pool }: Rig): Promise<void> {
  const keys = systemKeys({ env: ENV });
  const key = await passphraseKey(PASSPHRASE);
  const store = { file: pool.paths.storeFile, clock: systemClock, random: systemRandom };
  (await encryptStore({ ...store, keys, key }))._unsafeUnwrap();
}

const tokensOf = ({ pool }: Rig): string[] =>
  Object.values(pool.store.state().accounts).flatMap(({ accessToken, refreshToken }) => [
    accessToken,
    refreshToken,
  ]);

/** The files of the pool in which one of the tokens can be read. */
async function shown({ pool }: Rig, tokens: readonly string[]): Promise<string[]> {
  const entries = await readdir(pool.paths.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map(textOf));
  return files.filter((_, index) => tokens.some((token) => texts[index]?.includes(token)));
}

/** Nothing of a lock or a temporary file that has gone since it was listed. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "latin1");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw thrown;
  }
}
