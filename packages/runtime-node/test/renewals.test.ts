import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { onDisk } from "./disk.ts";
import { createRig, linkAll } from "./rig.ts";

const CONDITIONS = "--conditions=@open-multi-auth/source";
const SERVE_AND_LEAVE = fileURLToPath(new URL("serve-and-leave.ts", import.meta.url));
const RENEW_FAST = fileURLToPath(new URL("renew-fast.ts", import.meta.url));
const BUN = join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin", "bun.exe");
const MINUTE = 60_000;
/** The minutes of a token's life are fractions of a second. */
const SPEED = 200;
const LIFE_MS = 20 * MINUTE;
const NAMES = ["a", "b", "c", "d"];

describe("renewals", () => {
  it("AUT-05: keep no process alive", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const env = { ...process.env, ...rig.env };
    const run = promisify(execFile)(process.execPath, [CONDITIONS, SERVE_AND_LEAVE], {
      env,
      timeout: 20_000,
    });
    expect((await run).stdout).toBe("serving\n");
  });

  it("AUT-04: are waited for by a process that goes: the new token is on disk then", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [{ kind: "ok", delayMs: 500 }], "token");
    const renewing = rig.pool.tokens.renew(rig.account("work").id);
    await rig.sim.waitForLog((entries) => entries.some(({ endpoint }) => endpoint === "token"));
    expect((await rig.pool.flush()).isOk()).toBe(true);
    expect(await onDisk(rig, "work")).toMatchObject({ refreshToken: rig.sim.tokensOf("work").refreshToken });
    expect((await renewing).isOk()).toBe(true);
  });

  it("AUT-05: AUT-04: of four accounts are made once by three processes together, in Node and Bun, each time at the end of a life", async () => {
    const start = Date.now();
    const clock = { now: () => epochMs(start + (Date.now() - start) * SPEED) };
    await using rig = await createRig([], {}, globalThis.fetch, { clock, revokeFamilyOnReuse: true });
    const { sim, pool } = rig;
    const args = [CONDITIONS, RENEW_FAST, pool.paths.folder, sim.issuerUrl, `${start}`, `${SPEED}`];
    const processes = [process.execPath, process.execPath, BUN].map((runtime) => {
      const child = spawn(runtime, args, { stdio: ["pipe", "pipe", "inherit"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      return child;
    });
    await Promise.all(processes.map(({ stdout }) => once(stdout, "data")));
    for (const alias of NAMES) sim.addAccount({ alias, accessTokenTtlMs: LIFE_MS });
    await linkAll(rig);

    const exchanges = (alias: string) =>
      sim.log().filter((entry) => entry.endpoint === "token" && entry.alias === alias);
    await sim.waitForLog(() => NAMES.every((alias) => exchanges(alias).length >= 2), 45_000);
    for (const child of processes) child.stdin.end();
    await Promise.all(processes.map((child) => once(child, "exit")));

    for (const alias of NAMES) {
      const uses = exchanges(alias);
      expect(new Set(uses.map(({ grant }) => grant?.result))).toEqual(new Set(["granted"]));
      const pauses = uses.slice(1).map(({ at }, index) => at - Number(uses[index]?.at));
      // Never soon again by another process.
      for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(0.8 * LIFE_MS - 2 * MINUTE);
    }
  });
});
