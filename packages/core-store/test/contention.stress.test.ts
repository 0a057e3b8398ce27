import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namesIn, openTestStore, plusOne, temporaryFolder } from "./support.ts";
import { bundleScript, type Script, type ScriptProcess } from "./torture/script.ts";

const HELD = 100;

let script: Script;
beforeAll(async () => {
  script = await bundleScript("contender");
});
afterAll(() => script.remove());

describe("one store, many processes at once", () => {
  it.each([
    [8, 50],
    [32, 30],
  ])(
    "STO-05, VAL-03: %i processes with %i updates each: all of them, and no error",
    async (processes, times) => {
      const folder = await temporaryFolder();
      const contenders = Array.from({ length: processes }, () =>
        script.start(folder, "count", String(times)),
      );
      expect(await Promise.all(contenders.map(nextLine))).toEqual(contenders.map(() => "ready"));
      for (const contender of contenders) contender.go();
      expect(await Promise.all(contenders.map(nextLine))).toEqual(contenders.map(() => "failures"));
      expect(await Promise.all(contenders.map(({ ended }) => ended))).toEqual(contenders.map(() => "0"));
      const { rotation } = JSON.parse(await readFile(join(folder, "store.json"), "utf8"));
      expect(rotation.cursor).toBe(processes * times);
      expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
    },
  );

  it(`STO-05: killed while holding the lock: the next writer proceeds within a second, ${HELD} of ${HELD} times`, async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const waits: number[] = [];
    let spare = script.start(folder, "hold");
    while (waits.length < HELD) {
      const holder = spare;
      spare = script.start(folder, "hold");
      holder.go();
      expect(await nextLine(holder)).toBe("held");
      const waiting = store.update((state) => ok(plusOne(state)));
      const killedAt = performance.now();
      holder.kill();
      expect((await waiting).isOk()).toBe(true);
      waits.push(performance.now() - killedAt);
      await holder.ended;
      await store.flush();
      expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
    }
    spare.kill();
    await spare.ended;
    expect(store.state().rotation.cursor).toBe(HELD);
    process.stdout.write(`${HELD} killed holders: taken over within ${Math.round(Math.max(...waits))} ms\n`);
    expect(waits.filter((wait) => wait >= 1000)).toEqual([]);
  });
});

async function nextLine({ lines }: ScriptProcess): Promise<string> {
  const { value } = await lines[Symbol.asyncIterator]().next();
  return String(value);
}
