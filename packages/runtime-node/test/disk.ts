import { readFile, rename, writeFile } from "node:fs/promises";
import type { Account } from "@open-multi-auth/domain";
import type { Rig } from "./rig.ts";

/** The whole store as the file has it. */
export const storeOnDisk = async ({ pool }: Rig) => JSON.parse(await readFile(pool.paths.storeFile, "utf8"));

/** An account as the file has it. */
export const onDisk = async (rig: Rig, alias: string): Promise<Account> =>
  (await storeOnDisk(rig)).accounts[alias];

/** Writes an account as another process would that has the lock. */
export async function writeAccount(rig: Rig, account: Account): Promise<void> {
  const { storeFile } = rig.pool.paths;
  const store = await storeOnDisk(rig);
  const text = JSON.stringify({ ...store, accounts: { ...store.accounts, [account.alias]: account } });
  await writeFile(`${storeFile}.new`, text, { mode: 0o600 });
  await rename(`${storeFile}.new`, storeFile);
}
