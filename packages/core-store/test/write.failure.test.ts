import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PoolStore } from "../src/index.ts";
import { parseStore } from "../src/parse-store.ts";
import { namesIn, openTestStore, plusOne, temporaryFolder, until } from "./support.ts";
import { BYSTANDERS, bystandersIn, rotated, rotationOf, withCredentials } from "./torture/rotation.ts";
import { bundleScript } from "./torture/script.ts";
import { intercept, type Around, type Step } from "./torture/steps.ts";
import { Tortured } from "./torture/tortured.ts";
import { follow } from "./torture/victim.ts";

const FILES = ["store.json", "store.json.lkg"];
/** Of the lock, the files, their temporary ones and the folder; a write makes more where others wrote before. */
const CALLS_OF_A_WRITE = 28;
/** The ways in which a system refuses a call that it would carry out otherwise. */
const REFUSALS = ["ENOSPC", "EROFS", "EIO", "EMFILE"] as const;

describe("a write whose calls fail", () => {
  it.each(REFUSALS)(
    "STO-06, STO-11: %s at each call of a write: old or new state, a typed error, and the next try succeeds",
    async (errno) => {
      const tried = await atEachCall((stores, call) => survives(stores, call, refusing(errno)));
      expect(tried).toBeGreaterThanOrEqual(CALLS_OF_A_WRITE);
    },
  );

  it("STO-06, STO-11: a call that wrote half before the disk was full", async () => {
    const tried = await atEachCall(
      (stores, call) => survives(stores, call, half),
      ({ data }) => data !== undefined,
    );
    expect(tried).toBe(3);
  });

  it("STO-11: what `apply` took is written by itself when the disk allows it again", async () => {
    const tried = await atEachCall(
      async ({ store, folder }, call) => {
        const heal = await failAt(folder, call, refusing("EIO"));
        store.apply((state) => rotated(state, call.number), "now");
        await store.flush();
        expect(rotationOf(store.state())).toBe(call.number);
        heal();
        await until(async () => (await rotationsIn(folder)).every((rotation) => rotation === call.number));
      },
      ({ nth }) => nth === 0,
    );
    expect(tried).toBeGreaterThan(20);
  });
});

describe("a process that dies in a write", () => {
  it("STO-07: SIGKILL before and within each call of a write: old or new state, and nothing left behind", async () => {
    const script = await bundleScript("rotator");
    onTestFinished(() => script.remove());
    const violations: string[] = [];
    const deaths = new Set<string>();
    const torture = async (how: "before" | "within"): Promise<void> => {
      const store = new Tortured(await temporaryFolder(), violations);
      await store.create();
      for (let at = 0; at < CALLS_OF_A_WRITE; at += 1) {
        const life = await follow(script.start(store.folder, String(at), how));
        deaths.add(life.lastStep);
        expect(life.begun).toBeGreaterThan(0);
        await store.examine(life);
      }
      await store.finish();
    };
    await Promise.all([torture("before"), torture("within")]);
    expect(violations).toEqual([]);
    expect(deaths.size).toBeGreaterThan(20);
  });
});

interface Stores {
  readonly store: PoolStore;
  readonly folder: string;
}

type Trial = (stores: Stores, call: Failing) => Promise<void>;

/** A call by what it does, and which of several alike; the number of the rotation that meets it. */
interface Failing extends Step {
  readonly nth: number;
  readonly number: number;
}

/** Tries the calls that one rotation makes, each on the same open store, which must outlive them all. */
async function atEachCall(trial: Trial, choose: (call: Failing) => boolean = () => true): Promise<number> {
  const folder = await temporaryFolder();
  const { store } = await openTestStore(folder, { lockDeadlineMs: 2000 });
  const { store: other } = await openTestStore(folder);
  (await store.update((state) => ok(withCredentials(state))))._unsafeUnwrap();
  const calls = (await callsOf(store, other, folder)).filter(choose);
  for (const call of calls) {
    // There is something to read then.
    (await other.update((state) => ok(plusOne(state))))._unsafeUnwrap();
    await trial({ store, folder }, call).catch((thrown: unknown) => {
      throw new Error(`${call.name} ${call.file}, number ${call.nth}`, { cause: thrown });
    });
  }
  return calls.length;
}

async function survives({ store, folder }: Stores, call: Failing, how: Around): Promise<void> {
  const before = rotationOf(store.state());
  const heal = await failAt(folder, call, how);
  const result = await store.update((state) => ok(rotated(state, call.number)));
  // The lock is given back then, or being so.
  await store.flush();
  heal();
  const code = result.isOk() ? "ok" : result.error.code;
  expect(code).toMatch(/^(ok|STORE_UNWRITABLE|STORE_UNREADABLE)$/);
  const allowed = result.isOk() ? [call.number] : [before, call.number];
  for (const rotation of await rotationsIn(folder)) expect(allowed).toContain(rotation);

  const again = await store.update((state) => ok(rotated(state, call.number)));
  expect(rotationOf(again._unsafeUnwrap())).toBe(call.number);
  expect(await rotationsIn(folder)).toEqual([call.number, call.number]);
  await until(async () => (await namesIn(folder)).join() === FILES.join());
}

/** The calls of a write that succeeds, in order, and of the read before it; again where a look of the watcher was first. */
async function callsOf(store: PoolStore, other: PoolStore, folder: string): Promise<readonly Failing[]> {
  for (;;) {
    const calls = await callsOfOne(store, other, folder);
    if (calls.some(({ name, file }) => name === "readFile" && file === "store")) return calls;
  }
}

async function callsOfOne(store: PoolStore, other: PoolStore, folder: string): Promise<readonly Failing[]> {
  const calls: Failing[] = [];
  (await other.update((state) => ok(plusOne(state))))._unsafeUnwrap();
  const stop = await intercept(folder, (step, run) => {
    calls.push({ ...step, nth: calls.filter(alike(step)).length, number: calls.length + 1 });
    return run();
  });
  (await store.update((state) => ok(rotated(state, 999))))._unsafeUnwrap();
  await store.flush();
  stop();
  return calls;
}

const alike =
  (one: Step) =>
  (other: Step): boolean =>
    one.name === other.name && one.file === other.file;

/** Lets one call fail in its way, until it is told to heal. */
async function failAt(folder: string, failing: Failing, how: Around): Promise<() => void> {
  let seen = 0;
  const heal = await intercept(folder, (step, run) => {
    if (!alike(step)(failing)) return run();
    seen += 1;
    return seen === failing.nth + 1 ? how(step, run) : run();
  });
  onTestFinished(heal);
  return heal;
}

/** The rotation in the file and in its snapshot; both must be whole. */
async function rotationsIn(folder: string): Promise<readonly number[]> {
  const parsed = (await Promise.all(FILES.map((name) => readFile(join(folder, name))))).map((bytes) =>
    parseStore(bytes),
  );
  return parsed.map((file) => {
    if (file.kind !== "store" || file.broken.length > 0) throw new Error(`torn: ${file.kind}`);
    expect(bystandersIn(file.store)).toBe(BYSTANDERS.length);
    return rotationOf(file.store);
  });
}

const refusing =
  (errno: string): Around =>
  async ({ name }, run) => {
    // A descriptor is closed even where the system complains about it.
    if (name === "close") await run();
    throw refusal(errno);
  };

const refusal = (errno: string): Error =>
  Object.assign(new Error(`${errno}: refused by the test`), { code: errno });

const half: Around = async ({ data }, run) => {
  if (data !== undefined) await run(data.slice(0, data.length / 2));
  throw refusal("ENOSPC");
};
