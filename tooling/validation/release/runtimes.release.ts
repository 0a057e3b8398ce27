import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NpmRegistry } from "@open-multi-auth/npm-registry";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPerson, type Person } from "../src/release/person.ts";
import { installedDependencies, publishLocally } from "../src/release/publish-locally.ts";
import { bun, fetchNode, toolchainNode } from "../src/release/runtimes.ts";
import { compileStrictly, PROGRAM } from "./typescript-project.ts";

const folder = mkdtempSync(join(tmpdir(), "oma-release-"));
let registry: NpmRegistry;
let sim: UpstreamSim;
beforeAll(async () => {
  registry = await publishLocally(folder, installedDependencies());
  sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
});
afterAll(async () => {
  await registry.close();
  await sim.close();
  rmSync(folder, { recursive: true, force: true });
});

const RUNTIMES = [fetchNode("20.20.2"), fetchNode("22.23.3"), toolchainNode(), bun()].map((runtime) => ({
  ...runtime,
  /** What runs a package's program without installing it, and what installs one. */
  ...(runtime.label.startsWith("bun")
    ? { npx: [runtime.program, "x", "--bun"], install: [runtime.program, "add"] }
    : { npx: ["npx", "--yes"], install: ["npm", "install", "--no-audit", "--no-fund"] }),
}));

describe.each(RUNTIMES)("on $label", (runtime) => {
  const asPerson = (): Person => createPerson(folder, runtime, registry.url);

  it("DOC-07: `npx open-multi-auth` links an account and tells its status, straight from the registry", async () => {
    const person = asPerson();
    const oma = (...args: readonly string[]): Promise<string> =>
      call(person, [...runtime.npx, "open-multi-auth", ...args]);
    expect(await oma("status")).toContain("No account is linked yet");
    const { accessToken, refreshToken, idToken } = sim.tokensOf("work");
    const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
    const file = person.write("login.json", { OPENAI_API_KEY: null, tokens });
    await oma("import", "--from", file, "--alias", "work");
    const { accounts } = JSON.parse(await oma("status", "--json"));
    expect(accounts).toEqual([expect.objectContaining({ alias: "work" })]);
  });

  it("DOC-07: VAL-12: a strict TypeScript project imports the library that its package manager installed", async () => {
    const person = asPerson();
    await call(person, [...runtime.install, "@open-multi-auth/runtime-node"]);
    person.write("pool.ts", PROGRAM);
    expect(compileStrictly(person.project, ["pool.ts"])).toBe("");
    expect(await call(person, [runtime.program, "pool.js"])).toBe(
      "accounts 0, refused NO_ELIGIBLE_ACCOUNTS\n",
    );
  });
});

function call(person: Person, [program = "", ...args]: readonly string[]): Promise<string> {
  return person.run(program, ...args);
}
