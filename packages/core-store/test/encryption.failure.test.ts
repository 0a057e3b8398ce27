import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decryptStore, encryptionOf, encryptStore, openStore } from "../src/node/index.ts";
import { expectSealed, makeStore, readable } from "./encryption.ts";
import { clock, filesIn, namesIn, openTestStore, random, temporaryFolder } from "./support.ts";
import { bundleScript, type Script, type ScriptProcess } from "./torture/script.ts";
import { KEY, KEYS } from "./torture/sealing.ts";

const RANDOM_KILLS = 40;
const LONGEST_LIFE_MS = 150;
/** Of the lock, the marker and four files. */
const LEAST_CALLS = 50;

/** What it does when its holder dies has tests of its own. */
const OF_THE_LOCK = / lock\b/;

let script: Script;
beforeAll(async () => {
  script = await bundleScript("switcher");
});
afterAll(() => script.remove());

const switching = (folder: string) => ({ file: join(folder, "store.json"), keys: KEYS, clock, random });

describe("a process that dies while it encrypts or decrypts a store", () => {
  it.each(["encrypt", "decrypt"])(
    "%s, SIGKILL before each call and half through each write: it opens, and the next run completes it",
    async (what) => {
      const begun = await temporaryFolder();
      await makeStore(begun, []);
      if (what === "decrypt") (await encryptStore({ ...switching(begun), key: KEY }))._unsafeUnwrap();
      const calls = await run(script.start(await copyOf(begun), what));
      expect(calls.length).toBeGreaterThan(LEAST_CALLS);
      const deaths = calls.flatMap((call, at) => [
        ...(OF_THE_LOCK.test(call) ? [] : [{ call, at, how: "before" }]),
        ...(call.startsWith("writeFile") ? [{ call, at, how: "within" }] : []),
      ]);
      await Promise.all(
        [0, 1].map(async (half) => {
          for (const { call, at, how } of deaths.filter((_, index) => index % 2 === half)) {
            const folder = await copyOf(begun);
            await run(script.start(folder, what, String(at), how));
            await isWhole(folder, `${how} ${call}, call ${at}`);
            await rm(folder, { recursive: true });
          }
        }),
      );
    },
  );

  it(`both again and again, SIGKILL at ${RANDOM_KILLS} moments of chance`, async () => {
    const folder = await temporaryFolder();
    await makeStore(folder);
    const plain = await filesIn(folder);
    let spare = script.start(folder, "both");
    for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
      const victim = spare;
      // Its start is behind us by the time that the one before it is dead.
      spare = script.start(folder, "both");
      victim.go();
      await pause(Math.random() * LONGEST_LIFE_MS);
      victim.kill();
      await victim.ended;
      // Every second time the next victim, not we, completes it.
      if (kill % 2 > 0) continue;
      await isWhole(folder, `at chance, kill ${kill}`);
      (await encryptStore({ ...switching(folder), key: KEY }))._unsafeUnwrap();
      await expectSealed(folder);
      (await decryptStore(switching(folder)))._unsafeUnwrap();
      expect(await filesIn(folder)).toEqual(plain);
    }
    spare.kill();
    await spare.ended;
  });
});

async function copyOf(begun: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(begun, folder, { recursive: true });
  return folder;
}

/** Lets it work until its end; its calls in order. */
async function run(victim: ScriptProcess): Promise<readonly string[]> {
  victim.go();
  const calls: string[] = [];
  for await (const line of victim.lines) calls.push(line);
  await victim.ended;
  return calls;
}

/** It opens, or asks for its key; opened once, everything has the form of the store's file, and nothing is lost. */
async function isWhole(folder: string, when: string): Promise<void> {
  try {
    const without = await openStore({ folder, clock, random });
    if (without.isOk()) await without.value.close();
    const refusal = without.isErr() ? without.error.code : "STORE_SEALED";
    expect(refusal).toBe("STORE_SEALED");
    const { store } = await openTestStore(folder, { keys: KEYS });
    expect(store.report.kind).toBe("opened");
    expect(store.state().accounts).toMatchObject({ work: { refreshToken: "refresh-work-canary" } });
    await store.close();
    const encryption = (await encryptionOf(switching(folder).file))._unsafeUnwrap();
    expect(encryption).toMatchObject({ others: [] });
    expect(encryption.store === "off" ? [] : await readable(folder)).toEqual([]);
    expect((await namesIn(folder)).filter((name) => /tmp|lock|switching/.test(name))).toEqual([]);
  } catch (thrown) {
    throw new Error(`killed ${when}`, { cause: thrown });
  }
}
