import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { packFolder, startRegistry, type Published } from "@open-multi-auth/npm-registry";
import { startUpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const OLDER = "0.0.9";
/** Where npm is; an OpenCode of the machine stays unseen if it is elsewhere. */
const NPM = (process.env["PATH"] ?? "").split(delimiter).filter((place) => existsSync(join(place, "npm")));

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(() => built.remove());

it("DOC-06: the drill: an older package from a registry takes over with the settings of before, and no login is lost", async () => {
  const { box, sim } = await createPerson();
  await box.oma("settings", "set", "rotationStrategy=headroom", "criticalThreshold=7");
  await box.write(".config/opencode/opencode.json", {});
  expect(await box.oma("install")).toMatchObject({ code: 0 });
  expect(await box.oma("promote", "--previous", OLDER)).toMatchObject({ code: 0 });
  await box.oma("settings", "set", "criticalThreshold=3");
  // A login that is newer than every copy of the store before.
  expect(await box.oma("refresh", "ann", "--tokens")).toMatchObject({ code: 0 });

  const startedAt = Date.now();
  const rolled = await box.oma("rollback");
  expect(rolled).toMatchObject({ code: 0, stderr: "" });
  expect(Date.now() - startedAt).toBeLessThan(5 * 60_000);
  for (const command of ["install", "list --json", "status --json", "switch ann", "refresh ann --tokens"])
    expect(rolled.stdout).toContain(`✓ oma ${command} (`);
  expect(rolled.stdout).toContain("it has all 2 accounts");

  const older = box.path(FOLDER, "versions", OLDER, "node_modules", "open-multi-auth", "dist", "oma.js");
  expect(execFileSync(process.execPath, [older, "--help"], { env: box.env, encoding: "utf8" })).toContain(
    OLDER,
  );
  const config = await box.read(".config/opencode/opencode.json");
  expect(config).toContain(`@open-multi-auth/opencode@${OLDER}`);
  const store = JSON.parse(await box.read(`${FOLDER}/store.json`));
  expect(store).toMatchObject({ rotationStrategy: "headroom", settings: { criticalThreshold: 7 } });
  expect(Object.keys(store.accounts)).toEqual(["ann", "bob"]);
  for (const alias of ["ann", "bob"])
    expect(store.accounts[alias].refreshToken).toBe(sim.tokensOf(alias).refreshToken);
  const codex = JSON.parse(await box.read(".codex/auth.json"));
  expect(codex.tokens.refresh_token).toBe(sim.tokensOf("ann").refreshToken);
});

it("DOC-06: a version that cannot be had, or that nobody named, changes nothing", async () => {
  const { box } = await createPerson();
  await box.oma("settings", "set", "criticalThreshold=3");
  const before = await box.read(`${FOLDER}/store.json`);
  expect(await box.oma("rollback")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("ROLLBACK_TARGET_UNKNOWN"),
  });
  for (const version of ["9.9.9", "latest", "--registry=http://127.0.0.1:9"]) {
    const { code, stderr } = await box.oma("rollback", "--", version);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`error VERSION_UNAVAILABLE: version ${version}`),
    ]);
  }
  expect(await box.read(`${FOLDER}/store.json`)).toBe(before);
});

it("DOC-06: an older version that does not work is told, command by command", async () => {
  const { box } = await createPerson({
    program: 'console.error("error BROKEN: out of order"); process.exit(1);',
  });
  const { code, stdout, stderr } = await box.oma("rollback", OLDER);
  expect(code).toBe(1);
  expect(stdout).toContain("✗ oma list --json: error BROKEN: out of order");
  expect(stderr).toMatch(/^error ROLLBACK_UNVERIFIED: .*`list --json` failed.*does not see ann, bob\nfix: /);
});

/** Two accounts of a simulated upstream, one of them active, and a registry with an older version. */
async function createPerson({ program }: { program?: string } = {}) {
  const sim = await startUpstreamSim({ accounts: [{ alias: "ann" }, { alias: "bob" }] });
  const box = await createSandbox(built.program);
  const older = await packOlder(box, program);
  const registry = await startRegistry([older]);
  onTestFinished(async () => {
    await registry.close();
    await sim.close();
    await box.remove();
  });
  Object.assign(box.env, {
    PATH: [box.path("bin"), dirname(process.execPath), ...NPM, "/usr/bin", "/bin"].join(delimiter),
    npm_config_registry: registry.url,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
  });
  for (const alias of ["ann", "bob"]) {
    const { accessToken, refreshToken, idToken } = sim.tokensOf(alias);
    const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
    const file = await box.write("login.json", { OPENAI_API_KEY: null, tokens });
    expect(await box.oma("import", "--from", file, "--alias", alias)).toMatchObject({ code: 0 });
  }
  expect(await box.oma("switch", "ann")).toMatchObject({ code: 0 });
  return { box, sim };
}

/**
 * The program as an older version of the package: its manifest, and the version that it was built with.
 *
 * It is the one of now under another number, or the really older one in the tarball that `OMA_OLDER_PACKAGE` names.
 */
async function packOlder(box: Sandbox, program?: string): Promise<Published> {
  const folder = box.path("older", "package");
  await mkdir(folder, { recursive: true });
  const tarball = process.env["OMA_OLDER_PACKAGE"];
  if (tarball === undefined) {
    await cp(dirname(built.program), join(folder, "dist"), { recursive: true });
    await cp(new URL("../package.json", import.meta.url), join(folder, "package.json"));
  } else execFileSync("tar", ["xzf", tarball, "-C", dirname(folder)]);
  const { name, bin, type, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, bin, type, version: OLDER }));
  if (program !== undefined) await writeFile(join(folder, "dist", "oma.js"), program);
  for (const chunk of globSync("version-*.js", { cwd: join(folder, "dist") })) {
    const path = join(folder, "dist", chunk);
    await writeFile(path, (await readFile(path, "utf8")).replace(version, OLDER));
  }
  return packFolder(folder);
}
