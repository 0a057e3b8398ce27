import { createMemoryStore } from "../src/memory.ts";
import type { StoreError } from "../src/index.ts";
import { describeStoreContract } from "./contract.ts";
import { openTestStore, temporaryFolder } from "./support.ts";

describeStoreContract("the file store", async () => openTestStore(await temporaryFolder()));

describeStoreContract("the memory store", async () => {
  const problems: StoreError[] = [];
  return { store: createMemoryStore(undefined, (problem) => void problems.push(problem)), problems };
});
