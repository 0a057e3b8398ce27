import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support.ts";
import { bundleScript, type Script } from "./torture/script.ts";
import { Tortured } from "./torture/tortured.ts";
import { killSometime, type Life } from "./torture/victim.ts";

const KILLS = 1000;
const LEAST_IN_WINDOW = 300;
/** Stores that are written, and killed, beside each other. */
const STORES = 4;

let script: Script;
beforeAll(async () => {
  script = await bundleScript("rotator");
});
afterAll(() => script.remove());

describe("a store whose writers are killed", () => {
  it(`STO-07: security 36: after each of ${KILLS} SIGKILLs in writes the next load yields the old or the new state`, async () => {
    const lives: Life[] = [];
    const violations: string[] = [];
    const writing = () => lives.filter(({ opened }) => opened !== undefined).length;
    const torture = async (): Promise<void> => {
      const store = new Tortured(await temporaryFolder(), violations);
      await store.create();
      let spare = script.start(store.folder);
      while (writing() < KILLS) {
        const life = killSometime(spare);
        // Its start is behind us by the time that the one before it is dead.
        spare = script.start(store.folder);
        lives.push(await life);
        await store.examine(await life);
      }
      spare.kill();
      await spare.ended;
      await store.finish();
    };
    await Promise.all(Array.from({ length: STORES }, torture));

    const inWindow = lives.filter(({ temporary }) => temporary).length;
    process.stdout.write(summaryOf(lives, inWindow));
    expect(violations).toEqual([]);
    expect(inWindow).toBeGreaterThanOrEqual(LEAST_IN_WINDOW);
  }, 600_000);
});

function summaryOf(lives: readonly Life[], inWindow: number): string {
  const opening = lives.filter(({ opened }) => opened === undefined).length;
  const after = new Map<string, number>();
  for (const { lastStep } of lives) after.set(lastStep, (after.get(lastStep) ?? 0) + 1);
  const steps = [...after].toSorted((a, b) => b[1] - a[1]).map(([step, count]) => `${step} ${count}`);
  return (
    `${lives.length} kills: ${lives.length - opening} in writes, ${opening} while opening; ` +
    `${inWindow} between opening the temporary file and the folder's fsync\nlast step before death: ${steps.join(", ")}\n`
  );
}
