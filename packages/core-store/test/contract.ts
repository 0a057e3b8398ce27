import type { StoreV2 } from "@open-multi-auth/domain";
import { err, ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { PoolStore, StoreError } from "../src/index.ts";
import { plusOne, testAccount, until, withAccount } from "./support.ts";

export interface Opened {
  readonly store: PoolStore;
  readonly problems: readonly StoreError[];
}

/** What every `PoolStore` does, whatever is beneath it. */
export function describeStoreContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name}, as any PoolStore`, () => {
    it("begins empty", async () => {
      const { store } = await open();
      expect(store.state().accounts).toEqual({});
      expect(store.report).toEqual({ kind: "created", quarantined: [] });
    });

    it("shows an applied change at once", async () => {
      const { store } = await open();
      store.apply(plusOne, "soon");
      store.apply(plusOne, "now");
      expect(store.state().rotation.cursor).toBe(2);
      expect((await store.flush()).isOk()).toBe(true);
      expect(store.state().rotation.cursor).toBe(2);
    });

    it("resolves an update with the state right after it", async () => {
      const { store } = await open();
      const updates = [1, 2, 3].map(() => store.update((state) => ok(plusOne(state))));
      const cursors = (await Promise.all(updates)).map((result) => result._unsafeUnwrap().rotation.cursor);
      expect(cursors).toEqual([1, 2, 3]);
    });

    it("keeps the order of changes and updates", async () => {
      const { store } = await open();
      store.apply(append("a"), "soon");
      const update = store.update((state) => ok(append("b")(state)));
      store.apply(append("c"), "soon");
      await update;
      await store.flush();
      expect(store.state()["letters"]).toBe("abc");
    });

    it("STO-04: loses no update of many concurrent tasks", async () => {
      const { store } = await open();
      const tasks = Array.from({ length: 500 }, async (_, task) => {
        if (task % 2 === 0) store.apply(plusOne, task % 4 === 0 ? "soon" : "now");
        else await store.update((state) => ok(plusOne(state)));
      });
      await Promise.all(tasks);
      await store.flush();
      expect(store.state().rotation.cursor).toBe(500);
    });

    it("writes nothing of an update that declines, and all of its neighbours", async () => {
      const { store } = await open();
      const before = store.update((state) => ok(plusOne(state)));
      const declined = store.update<"full">(() => err("full"));
      const behind = store.update((state) => ok(plusOne(state)));
      expect((await declined)._unsafeUnwrapErr()).toBe("full");
      expect((await before).isOk() && (await behind).isOk()).toBe(true);
      expect(store.state().rotation.cursor).toBe(2);
    });

    it("refuses what breaks the schema, naming field and constraint, and keeps its neighbours", async () => {
      const { store, problems } = await open();
      const good = store.update((state) => ok(withAccount(state, testAccount("work"))));
      const bad = store.update((state) => ok(withAccount(state, testAccount("bad", { usageCount: -1 }))));
      store.apply((state) => withAccount(state, testAccount("worse", { usageCount: 0.5 })), "now");
      store.apply(plusOne, "now");
      expect((await bad)._unsafeUnwrapErr()).toMatchObject({
        code: "CHANGE_INVALID",
        details: { path: "accounts.bad.usageCount" },
      });
      expect((await good).isOk()).toBe(true);
      await store.flush();
      expect(Object.keys(store.state().accounts)).toEqual(["work"]);
      expect(store.state().rotation.cursor).toBe(1);
      expect(problems.map(({ code }) => code)).toEqual(["CHANGE_INVALID"]);
    });

    it("refuses two accounts with one id", async () => {
      const { store } = await open();
      await store.update((state) => ok(withAccount(state, testAccount("work"))));
      const twin = { ...testAccount("home"), id: testAccount("work").id };
      const result = await store.update((state) => ok(withAccount(state, twin)));
      expect(result._unsafeUnwrapErr()).toMatchObject({ details: { path: "accounts.home.id" } });
    });

    it("survives a change that throws", async () => {
      const { store, problems } = await open();
      store.apply(broken, "now");
      expect((await store.update(broken))._unsafeUnwrapErr()).toMatchObject({ code: "CHANGE_INVALID" });
      expect((await store.update((state) => ok(plusOne(state)))).isOk()).toBe(true);
      expect(problems.map(({ code }) => code)).toEqual(["CHANGE_INVALID"]);
    });

    it("keeps fields that it does not know", async () => {
      const { store } = await open();
      const account = { ...testAccount("work"), later: { deep: [1, 2] } };
      await store.update((state) => ok({ ...withAccount(state, account), newer: true }));
      await store.reload();
      expect(store.state()).toMatchObject({ newer: true, accounts: { work: { later: { deep: [1, 2] } } } });
    });

    it("tells subscribers of the newest state, once per turn, until they leave", async () => {
      const { store } = await open();
      const seen: number[] = [];
      const leave = store.subscribe((state) => void seen.push(state.rotation.cursor));
      store.apply(plusOne, "soon");
      store.apply(plusOne, "soon");
      await until(() => seen.length > 0);
      expect(seen).toEqual([2]);
      leave();
      store.apply(plusOne, "soon");
      await store.flush();
      expect(seen.filter((cursor) => cursor > 2)).toEqual([]);
    });

    it("refuses work after it was closed", async () => {
      const { store, problems } = await open();
      store.apply(plusOne, "soon");
      expect((await store.close()).isOk()).toBe(true);
      store.apply(plusOne, "now");
      const result = await store.update((state) => ok(plusOne(state)));
      expect(result._unsafeUnwrapErr()).toMatchObject({ code: "STORE_CLOSED" });
      expect((await store.reload())._unsafeUnwrapErr()).toMatchObject({ code: "STORE_CLOSED" });
      expect(store.state().rotation.cursor).toBe(1);
      expect(problems.map(({ code }) => code)).toEqual(["STORE_CLOSED"]);
    });
  });
}

const append = (letter: string) => (state: StoreV2) => ({
  ...state,
  letters: `${typeof state["letters"] === "string" ? state["letters"] : ""}${letter}`,
});

const broken = (): never => {
  throw new Error("a bug of the caller");
};
