import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webResponse } from "../src/index.ts";
import { bundleScript, type Script, type ScriptProcess } from "./torture/script.ts";
import { createRig, linkOnly, prompt, type Rig } from "./rig.ts";

const ROUNDS = 200;
/** Pools that are tortured beside each other. */
const POOLS = 4;
const LONGEST_EXCHANGE_MS = 40;
/** The answer is read, and the new token written, within about this. */
const LONGEST_SAVE_MS = 100;

let script: Script;
beforeAll(async () => {
  script = await bundleScript("asker");
});
afterAll(() => script[Symbol.asyncDispose]());

/** What became of an account whose refreshing process was killed. */
type Fate = "untouched" | "saved" | "lost";

describe("a process that is killed while it refreshes", () => {
  it(`AUT-04: loses no account in ${ROUNDS} rounds but where the answer was on its way, and that one is told, not tried again and again`, async () => {
    const fates: Fate[] = [];
    const torture = async (): Promise<void> => {
      await using rig = await createRig([], {}, undefined, { revokeFamilyOnReuse: true });
      let spare = script.start(rig.env);
      while (fates.length < ROUNDS) {
        const victim = spare;
        expect(await victim.line()).toBe("ready");
        // Its start is behind us by the time that the one before it is dead.
        spare = script.start(rig.env);
        fates.push("untouched");
        fates[fates.length - 1] = await round(rig, victim, `round-${fates.length}`);
      }
      spare.kill();
      await spare.ended;
    };
    await Promise.all(Array.from({ length: POOLS }, torture));

    const count = (fate: Fate): number => fates.filter((one) => one === fate).length;
    process.stdout.write(
      `${fates.length} kills: ${count("untouched")} before the exchange, ${count("saved")} with the new token saved, ` +
        `${count("lost")} with the answer lost on its way\n`,
    );
    for (const fate of ["untouched", "saved", "lost"] as const) expect(count(fate)).toBeGreaterThan(0);
  });
});

/** One account, one process that is killed at some moment of its refresh, and one that needs the account next. */
async function round(rig: Rig, victim: ScriptProcess, alias: string): Promise<Fate> {
  rig.sim.addAccount({ alias });
  rig.sim.script(alias, [{ kind: "ok", delayMs: Math.random() * LONGEST_EXCHANGE_MS }], "token");
  await linkOnly(rig, alias, { expired: true });
  const exchanges = () =>
    rig.sim.log().filter((entry) => entry.endpoint === "token" && entry.alias === alias);

  victim.tell(`id-${alias}`);
  expect(await victim.line()).toBe("asking");
  await someMoment(rig, alias);
  victim.kill();
  // Told only when the new token was on disk.
  const isDone = (await victim.line()) !== undefined;
  await victim.ended;
  const begun = exchanges().length;
  const { refreshToken } = rig.sim.tokensOf(alias);
  const isSaved = (await readFile(rig.pool.paths.storeFile, "utf8")).includes(refreshToken);

  const survived = await isServed(rig, alias);
  const results = exchanges().map(({ grant }) => grant?.result);
  expect(results).toEqual(survived ? ["granted"] : ["granted", "reused"]);
  if (survived) return begun === 0 ? "untouched" : "saved";
  expect({ begun, isDone, isSaved }).toEqual({ begun: 1, isDone: false, isSaved: false });
  // Said plainly, and never asked for again.
  expect(rig.pool.views()).toMatchObject([{ alias, auth: { state: "invalid" } }]);
  const asked = exchanges().length;
  expect(await isServed(rig, alias)).toBe(false);
  expect(exchanges()).toHaveLength(asked);
  expect((await rig.pool.flush()).isOk()).toBe(true);
  return "lost";
}

/** Before the exchange, while its answer is awaited, or while that is read and saved; also when the machine is slow. */
async function someMoment({ sim }: Rig, alias: string): Promise<void> {
  const chance = Math.random();
  if (chance < 0.1) return pause(Math.random() * LONGEST_EXCHANGE_MS);
  const isDue = (status: number | null): boolean => chance < 0.4 || status !== null;
  await sim.waitForLog((entries) => entries.some((one) => one.alias === alias && isDue(one.status)), 60_000);
  return pause(Math.random() * (chance < 0.4 ? LONGEST_EXCHANGE_MS : LONGEST_SAVE_MS));
}

/** Whether the account serves; if not, whoever asked is told that it needs a new login. */
async function isServed(rig: Rig, alias: string): Promise<boolean> {
  const answer = await rig.serving.handle(prompt());
  const told = await answer.match(
    (served) => webResponse(served).text(),
    ({ details }) => Promise.resolve(`${details.reauthNeeded.join()} needs a login`),
  );
  expect(told).toMatch(answer.isOk() ? `${alias} answered` : `${alias} needs a login`);
  return answer.isOk();
}
