import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoreV2 } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { createFileLock } from "../src/node/index.ts";
import { clock, namesIn, openTestStore, random, startWorker, temporaryFolder, until } from "./support.ts";

const stateOf = async (folder: string): Promise<StoreV2> =>
  JSON.parse(await readFile(join(folder, "store.json"), "utf8"));

describe("one store, many processes", () => {
  it("STO-05: 8 processes lose no update, also when one of them is killed, and leave no lock", async () => {
    const folder = await temporaryFolder();
    const workers = Array.from({ length: 8 }, () => startWorker());
    await Promise.all(workers.map((worker) => worker.call("open", { folder })));

    const together = workers.map((worker, index) =>
      worker.call("increment", { times: 40, atOnce: index % 2 === 0 }),
    );
    expect(await Promise.all(together)).toEqual(workers.map(() => []));
    expect((await stateOf(folder)).rotation.cursor).toBe(8 * 40);

    const [victim, ...others] = workers;
    await victim?.call("countForever");
    const more = others.map((worker) => worker.call("increment", { times: 40, atOnce: false }));
    // All of them are at work then; whose turn comes first is not for us to say.
    await until(async () => {
      const { rotation, counted } = await stateOf(folder);
      return rotation.cursor > 8 * 40 && Number(counted) > 0;
    });
    await victim?.kill();
    expect(await Promise.all(more)).toEqual(others.map(() => []));
    const end = await stateOf(folder);
    expect(end.rotation.cursor).toBe(8 * 40 + 7 * 40);
    expect(end["counted"]).toBeGreaterThan(0);

    // What the victim may have left of a write is swept by whoever opens next.
    await openTestStore(folder);
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
  });

  it("STO-05: security 40: a lock whose holder was killed is taken over within a second", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const holder = startWorker();
    await holder.call("lock", { paths: [join(folder, "store.json.lock")] });
    const update = startWorker();
    await update.call("open", { folder });
    const waiting = update.call("increment", { times: 1, atOnce: false });

    await holder.kill();
    const killedAt = performance.now();
    expect(await waiting).toEqual([]);
    expect(performance.now() - killedAt).toBeLessThan(1000);
    await until(() => store.state().rotation.cursor === 1);
  });

  it("names the holder when the lock is not given back in time", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "some.lock");
    const holder = startWorker();
    await holder.call("lock", { paths: [path] });
    const result = await createFileLock(path, { clock, random }).acquire({ deadlineMs: 50 });
    expect(result._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_LOCKED",
      details: { path, holderPid: holder.process.pid },
    });
    expect(await namesIn(folder)).toEqual(["some.lock"]);
  });

  it.each(["node", "bun"] as const)(
    "STO-14: %s sees a change of a Node process within a second, and the other way round",
    async (runtime) => {
      const folder = await temporaryFolder();
      const { store } = await openTestStore(folder, { pollMs: 60_000 });
      const other = startWorker(runtime);
      await other.call("open", { folder });
      for (const tag of ["first", "second", "third"]) {
        store.apply((state) => ({ ...state, tag }), "now");
        await store.flush();
        await until(async () => (await other.call("state"))["tag"] === tag, 1000);
        expect(await other.call("tag", { tag: `${tag} back` })).toBe(true);
        await until(() => store.state()["tag"] === `${tag} back`, 1000);
      }
      expect(await other.call("increment", { times: 20, atOnce: true })).toEqual([]);
      await until(() => store.state().rotation.cursor === 20, 1000);
      expect(await other.call("close")).toBe(true);
      expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
    },
  );

  it("Bun and Node processes lose no update of each other", async () => {
    const folder = await temporaryFolder();
    const workers = [startWorker("bun"), startWorker("node"), startWorker("bun")];
    await Promise.all(workers.map((worker) => worker.call("open", { folder })));
    await Promise.all(workers.map((worker) => worker.call("increment", { times: 30, atOnce: false })));
    expect((await stateOf(folder)).rotation.cursor).toBe(90);
  });
});
