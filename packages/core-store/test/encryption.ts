import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { removeAccount } from "@open-multi-auth/domain";
import { expect } from "vitest";
import { encryptionOf } from "../src/node/index.ts";
import { filesIn, openTestStore, testAccount, withAccount } from "./support.ts";

/** Stands in every secret of these tests, and nowhere else. */
export const CANARY = "canary";
const secret = (name: string): object => ({
  accessToken: `access-${name}-${CANARY}`,
  refreshToken: `refresh-${name}-${CANARY}`,
});

export const accountOf = (name: string) => testAccount(name, secret(name));

const COPIES = ["v1", "corrupt-2026-11-21T12-00-00.000Z", "bak of mine"];

/** A store with one account, and a copy of each kind that may hold a login beside it. */
export async function makeStore(folder: string, copies: readonly string[] = COPIES): Promise<void> {
  const { store } = await openTestStore(folder);
  (await store.update((state) => ok(withAccount(state, accountOf("gone")))))._unsafeUnwrap();
  (await store.update((state) => ok(withAccount(state, accountOf("work")))))._unsafeUnwrap();
  (await store.update((state) => removeAccount(state, accountOf("gone").alias)))._unsafeUnwrap();
  await store.close();
  const file = join(folder, "store.json");
  for (const suffix of copies) {
    await writeFile(
      `${file}.${suffix}`,
      Buffer.concat([Buffer.from(`{ "${CANARY}`), Buffer.from([0xff, 0])]),
    );
  }
  await mkdir(join(folder, "quarantine"));
  await writeFile(join(folder, "quarantine", "home-012345678912.json"), JSON.stringify(secret("home")));
}

/** The files in which a canary can be read. */
export const readable = async (folder: string): Promise<string[]> =>
  Object.entries(await filesIn(folder)).flatMap(([name, bytes]) => (bytes.includes(CANARY) ? [name] : []));

/** Nothing in the folder shows a secret, and all of it has one form. */
export async function expectSealed(folder: string): Promise<void> {
  expect(await readable(folder)).toEqual([]);
  const encryption = (await encryptionOf(join(folder, "store.json")))._unsafeUnwrap();
  expect(encryption).toMatchObject({ others: [] });
  expect(encryption.store).not.toBe("off");
}
