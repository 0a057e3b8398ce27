import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../src/node/context.ts";
import { thisProcess } from "../src/node/owner.ts";
import { sweep } from "../src/node/sweep.ts";
import { mintToken } from "../src/node/token.ts";
import { namesIn, random, temporaryFolder } from "./support.ts";

const now = epochMs(Date.UTC(2026, 10, 21, 12));
const context = contextOf({ clock: { now: () => now }, random });
const [mark = "", pid = ""] = mintToken(random).split("-");
const ALIVE = mintToken(random);
/** Of an earlier process that had our pid. */
const DEAD = `${mark}-${pid}-1-1-1`;
const ALSO_DEAD = `${mark}-${pid}-1-2-1`;
const FOREIGN = `000000-${pid}-1-1-1`;

const claim = (token: string, fields: object = {}): string =>
  JSON.stringify({ token, ...thisProcess(), ...(token === ALIVE ? {} : { start: "1" }), ...fields });

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function leave(name: string, text = "secret", ageMs = 0): Promise<void> {
  await writeFile(join(folder, name), text, { mode: 0o600 });
  const at = (now - ageMs) / 1000;
  await utimes(join(folder, name), at, at);
}

describe("sweeping a folder", () => {
  const HOUR = 3_600_000;
  const TEN_MINUTES = 600_000;
  // Their names are no part of the titles: those are to be the same in every run.
  const removed: [string, string?, number?][] = [
    [`store.json.tmp-${DEAD}`],
    [`store.json.lkg.tmp-${DEAD}`],
    [`store.json.tmp-${FOREIGN}`, "secret", TEN_MINUTES + 1000],
    ["some.lock", claim(DEAD)],
    [`some.lock.break.${DEAD}`, claim(ALSO_DEAD)],
    ["some.lock", claim(DEAD, { host: "elsewhere" }), 11_000],
  ];
  it.each(removed)("removes what a killed process left, number %#", async (name, text, age) => {
    await leave(name, text, age);
    await sweep(folder, context);
    expect(await namesIn(folder)).toEqual([]);
  });

  const left: [string, string?, number?][] = [
    [`store.json.tmp-${ALIVE}`, "secret", HOUR],
    [`store.json.tmp-${DEAD}.json`, "secret", HOUR],
    ["store.json.tmp-of-mine", "secret", HOUR],
    [`store.json.tmp-${FOREIGN}`, "secret", TEN_MINUTES],
    ["some.lock", claim(ALIVE), HOUR],
    ["some.lock", "another tool's", HOUR],
    ["some.lock", "", HOUR],
    ["some.lock", claim(DEAD, { host: "elsewhere" }), 9000],
    ["some.lock.json", claim(DEAD), HOUR],
    ["some-lock", claim(DEAD), HOUR],
    [`some.lock.break.${DEAD}`, claim(ALIVE), HOUR],
    ["store.json", claim(DEAD), HOUR],
  ];
  it.each(left)("leaves alone what is not abandoned, or not ours, number %#", async (name, text, age) => {
    await leave(name, text, age);
    await sweep(folder, context);
    expect(await namesIn(folder)).toEqual([name]);
  });

  it("breaks through dead breakers, and leaves a lock whose breaker lives", async () => {
    await leave("a.lock", claim(DEAD));
    await leave(`a.lock.break.${DEAD}`, claim(ALSO_DEAD));
    await leave("b.lock", claim(DEAD));
    await leave(`b.lock.break.${DEAD}`, claim(ALIVE));
    await sweep(folder, context);
    expect(await namesIn(folder)).toEqual(["b.lock", `b.lock.break.${DEAD}`]);
  });

  it("goes on where something cannot be removed", async () => {
    await mkdir(join(folder, `a.tmp-${DEAD}`));
    await mkdir(join(folder, "b.lock"));
    await leave(`c.tmp-${DEAD}`);
    await sweep(folder, context);
    expect(await namesIn(folder)).toEqual([`a.tmp-${DEAD}`, "b.lock"]);
  });

  it("does nothing where there is no folder", async () => {
    expect(await sweep(join(folder, "none"), context)).toBeUndefined();
  });
});
