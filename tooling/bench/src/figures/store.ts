import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { measureStoreLoad } from "./store-load.ts";
import { measureStoreUpdates } from "./store-updates.ts";

/** What the store costs: writing it durably beside others, and opening a large one. */
export async function measureStore(rig: Rig): Promise<readonly Row[]> {
  return [...(await measureStoreUpdates(rig)), ...(await measureStoreLoad(rig))];
}
