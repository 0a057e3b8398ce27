import * as fc from "fast-check";
import type { StoreV2 } from "@open-multi-auth/domain";
import { err, ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { PoolStore } from "../src/index.ts";
import { openStore } from "../src/node/index.ts";
import { clock, random, temporaryFolder } from "./support.ts";

const STORES = 3;

const logOf = (state: StoreV2): string[] => (Array.isArray(state["log"]) ? state["log"] : []);

const append =
  (entry: string) =>
  (state: StoreV2): StoreV2 => ({ ...state, log: [...logOf(state), entry] });

/** What a store may be asked; those that append are expected in the end. */
const actions = {
  soon: async (store: PoolStore, entry: string) => store.apply(append(entry), "soon"),
  now: async (store: PoolStore, entry: string) => store.apply(append(entry), "now"),
  update: async (store: PoolStore, entry: string) => store.update((state) => ok(append(entry)(state))),
  decline: async (store: PoolStore) => store.update<string>(() => err("no")),
  flush: async (store: PoolStore) => store.flush(),
  reload: async (store: PoolStore) => store.reload(),
};
const APPENDING = new Set(["soon", "now", "update"]);

const step = fc.record({
  store: fc.nat(STORES - 1),
  kind: fc.constantFrom("soon", "now", "update", "decline", "flush", "reload"),
  /** Whether the event loop turns before the next step. */
  turn: fc.boolean(),
});

describe("several stores over one file", () => {
  it("STO-04: any interleaving of changes ends as some serial order of them, each store's in its own order", async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const folder = await temporaryFolder();
      const opening = Array.from({ length: STORES }, () => openStore({ folder, clock, random }));
      const stores = (await Promise.all(opening)).map((result) => result._unsafeUnwrap());
      const expected = stores.map((_, at) =>
        steps.flatMap(({ store, kind }, index) =>
          store === at && APPENDING.has(kind) ? [`${at}:${index}`] : [],
        ),
      );

      const running: Promise<unknown>[] = [];
      for (const [index, { store: at, kind, turn }] of steps.entries()) {
        const store = stores[at];
        if (store !== undefined) running.push(actions[kind](store, `${at}:${index}`));
        if (turn) await new Promise(setImmediate);
      }
      await Promise.all(running);
      const closed = await Promise.all(stores.map((store) => store.close()));
      expect(closed.every((result) => result.isOk())).toBe(true);

      const end = (await openStore({ folder, clock, random }))._unsafeUnwrap();
      const log = logOf(end.state());
      await end.close();
      expect(log).toHaveLength(expected.flat().length);
      expect(expected.map((_, at) => log.filter((entry) => entry.startsWith(`${at}:`)))).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
