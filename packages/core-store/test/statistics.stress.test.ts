import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support.ts";
import { bundleScript, type Script } from "./torture/script.ts";

const KILLS = 24;
const AT_ONCE = 4;
/** What may be lost, by the promise of `apply(…, "soon")`. */
const BOUND_MS = 1000;
/** A process that was not run for so long cannot keep a promise about time, and is not counted. */
const STALL_MS = 150;
const MOST_STALLED = 200;

interface Life {
  readonly killedAt: number;
  /** Each count that was told, and when it was applied. */
  readonly applied: readonly (readonly [count: number, at: number])[];
  readonly onDisk: number;
}

let script: Script;
beforeAll(async () => {
  script = await bundleScript("traffic");
});
afterAll(() => script.remove());

describe("a process killed under constant traffic", () => {
  it(`has on disk all that it applied more than a second before, ${KILLS} times`, async () => {
    const lives: Life[] = [];
    let stalled = 0;
    const killAgain = async (): Promise<void> => {
      while (lives.length < KILLS) {
        const life = await liveAndDie();
        if (isStalled(life)) stalled += 1;
        else lives.push(life);
        expect(stalled).toBeLessThan(MOST_STALLED);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, killAgain));

    const losses = lives.map(lossOf);
    process.stdout.write(
      `${lives.length} kills: ${Math.min(...losses)} to ${Math.max(...losses)} ms of statistics lost\n`,
    );
    expect(losses.filter((loss) => loss > BOUND_MS)).toEqual([]);
    // The traffic was such that something was lost, and was written more than once.
    expect(Math.max(...losses)).toBeGreaterThan(0);
    expect(Math.min(...lives.map(({ onDisk }) => onDisk))).toBeGreaterThan(0);
  });
});

async function liveAndDie(): Promise<Life> {
  const folder = await temporaryFolder();
  const victim = script.start(folder);
  victim.go();
  const applied: [number, number][] = [];
  let killedAt = 0;
  for await (const line of victim.lines) {
    const [count = "", at = ""] = line.split(" ");
    applied.push([Number(count), Number(at)]);
    if (applied.length > 1) continue;
    setTimeout(
      () => {
        killedAt = Date.now();
        victim.kill();
      },
      BOUND_MS * (1.2 + Math.random()),
    );
  }
  await victim.ended;
  const { rotation } = JSON.parse(await readFile(join(folder, "store.json"), "utf8"));
  return { killedAt, applied, onDisk: rotation.cursor };
}

/** How long before the kill the oldest of what was lost had been applied. */
function lossOf({ killedAt, applied, onDisk }: Life): number {
  const lost = applied.find(([count]) => count > onDisk);
  return lost === undefined ? 0 : killedAt - lost[1];
}

const isStalled = ({ applied, killedAt }: Life): boolean =>
  [...applied.map(([, at]) => at), killedAt].some(
    (at, index, all) => index > 0 && at - (all[index - 1] ?? at) > STALL_MS,
  );
