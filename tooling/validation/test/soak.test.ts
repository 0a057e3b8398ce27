import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricsOf } from "@open-multi-auth/domain";
import { expect, it, onTestFinished } from "vitest";
import { judgeSoak } from "../src/soak/judge.ts";
import { MORTAL } from "../src/soak/plan.ts";
import { soak } from "../src/soak/soak.ts";

it("VAL-04: lives 48 virtual hours of traffic, resets, expiries, a whole force, faults and crashes without a loss", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oma-soak-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const around = { folder, seed: 1, now: () => Date.now(), pause: async () => {}, print: () => {} };
  // As after a reboot: the second goes on where the first stopped.
  const first = await soak({ ...around, pace: "compressed", steps: 20 });
  const progress = await soak({ ...around, pace: "compressed" });
  expect(progress.startedAt).toBe(first.startedAt);
  const { records, violations } = await judgeSoak(folder, progress);
  expect(violations).toEqual([]);
  expect(progress).toMatchObject({ asked: 768, served: 768, crashes: 6, forcedAtStep: 40 });
  expect(progress.faults).toBeGreaterThan(20);
  // Tokens live for three hours, and are renewed after four fifths of it.
  expect(progress.renewals).toBeGreaterThan(4 * 12);
  const { accounts } = metricsOf(records);
  // How often each runs dry depends on who is asked when.
  const ranDry = accounts.filter(({ failures }) => (failures["quota"] ?? 0) > 0);
  expect(ranDry.length).toBeGreaterThan(0);
  for (const { alias } of ranDry) expect(MORTAL).toContain(alias);

  const file = join(folder, "pool", "store.json");
  const store = JSON.parse(await readFile(file, "utf8"));
  store.accounts.blue.tags.pop();
  store.accounts.coral.refreshToken = "rt_of_another";
  await writeFile(file, JSON.stringify(store));
  const broken = await judgeSoak(folder, { ...progress, problems: ["a process ended"] });
  expect(broken.violations).toEqual([
    "a process ended",
    "blue has 19 of 20 tags",
    "coral has lost its refresh token",
  ]);
}, 600_000);
