import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;
let sim: UpstreamSim;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  sim = await startUpstreamSim({
    accounts: [{ alias: "work" }, { alias: "home" }],
    revokeFamilyOnReuse: true,
  });
  box = await createSandbox(program.program);
  box.env["OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL"] = sim.issuerUrl;
  box.env["OPENCODE_MULTI_AUTH_UPSTREAM_URL"] = sim.backendUrl;
  for (const alias of ["work", "home"]) await link(alias);
});
afterEach(async () => {
  await box.remove();
  await sim.close();
});

const exchanges = () => sim.log().filter(({ endpoint }) => endpoint === "token");

describe("oma refresh", () => {
  it("AUT-04: renews every enabled account once, and the new tokens are in the store", async () => {
    const { code, stdout, stderr } = await box.oma("refresh", "--tokens");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^work is renewed, its token ends in (?:9 d 23 h|10 d)\nhome is renewed, .*\n$/);
    expect(exchanges().map(({ alias, grant }) => [alias, grant?.result])).toEqual([
      ["work", "granted"],
      ["home", "granted"],
    ]);
    const accounts = await box.accounts();
    for (const alias of ["work", "home"]) {
      const { accessToken, refreshToken } = sim.tokensOf(alias);
      expect(accounts[alias]).toMatchObject({ accessToken, refreshToken });
    }
    await box.oma("refresh", "home", "--tokens");
    expect(exchanges().map(({ alias }) => alias)).toEqual(["work", "home", "home"]);
  });

  it("says plainly that a login is dead, in every command, and goes on with the others", async () => {
    sim.script("work", [{ kind: "refresh-revoked" }], "token");
    const { code, stdout, stderr } = await box.oma("refresh", "--tokens");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error REFRESH_TOKEN_REJECTED: work: .*it was revoked\nfix: `oma reauth` signs it in again/,
    );
    expect(stdout).toContain("home is renewed");
    const { accounts } = JSON.parse((await box.oma("status", "--json")).stdout);
    expect(accounts).toMatchObject([
      {
        alias: "work",
        auth: { state: "invalid" },
        eligibility: { eligible: false, reasons: ["auth-invalid"] },
      },
      { alias: "home", auth: { state: "valid" } },
    ]);
    expect((await box.oma("list")).stdout).toContain("login refused, link it again");
    expect((await box.oma("status")).stdout).toContain("refused; link the account again");
    expect((await box.oma("doctor")).stdout).toContain("login work: the upstream refused it");
    // Asked by the person, it is tried again.
    expect(await box.oma("refresh", "work", "--tokens")).toMatchObject({ code: 0 });
    expect((await box.accounts())["work"]).not.toHaveProperty("authInvalid");
  });

  it("keeps an account whose token endpoint is out of order, and says what to do", async () => {
    sim.script("work", [{ kind: "server-error", times: "always" }], "token");
    const before = await box.accounts();
    const { code, stdout, stderr } = await box.oma("refresh", "work", "--tokens");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error TOKEN_ENDPOINT_UNREACHABLE: work: .*\(500\)\nfix: check the network/);
    expect(exchanges()).toHaveLength(3);
    expect(await box.accounts()).toEqual(before);
  });

  it("ACC-02: leaves a disabled account alone", async () => {
    await box.oma("disable", "work");
    expect(await box.oma("refresh", "--tokens")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^home is renewed.*\n$/),
    });
    const named = await box.oma("refresh", "work");
    expect(named).toMatchObject({ code: 1, stdout: "" });
    expect(named.stderr).toMatch(/^error ACCOUNT_DISABLED: .*\nfix: enable it first/);
    expect(exchanges().map(({ alias }) => alias)).toEqual(["home"]);
  });

  it("AUT-08: writes no token anywhere but into the store, whatever the token endpoint says", async () => {
    const secrets = new Set<string>();
    const remember = (): void => {
      for (const { tokens } of sim.accounts())
        for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.idToken]) secrets.add(secret);
    };
    remember();
    const { accessToken, refreshToken } = sim.tokensOf("work");
    const echo = {
      error: { code: "refresh_token_reused", message: `${refreshToken} ${accessToken}` },
      refreshToken,
    };
    sim.script(
      "work",
      [
        { kind: "ok" },
        { kind: "status", status: 401, body: echo },
        { kind: "status", status: 500, body: echo, times: 3 },
        { kind: "status", status: 200, body: echo },
        { kind: "reset", times: 3 },
      ],
      "token",
    );
    let printed = "";
    for (const args of [
      ["refresh"],
      ["refresh", "work"],
      ["refresh"],
      ["refresh", "work"],
      ["refresh"],
      ["doctor"],
    ]) {
      const { stdout, stderr } = await box.oma(...args);
      printed += stdout + stderr;
      remember();
    }
    expect(printed).toMatch(/renewed[^]*REFRESH_TOKEN_REJECTED[^]*UNREACHABLE[^]*RESPONSE_INVALID/);
    const linked = new Set(["work.json", "home.json"]);
    const files = (await readdir(box.home, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const texts = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")),
    );
    const places = files.map(({ name }) => name).filter((_, at) => holdsAny(texts[at] ?? "", secrets));
    expect(places.filter((name) => !linked.has(name) && !/^store\.json(\.lkg)?$/.test(name))).toEqual([]);
    expect(places).toContain("store.json");
    expect(holdsAny(printed, secrets)).toBe(false);
    expect(secrets.size).toBeGreaterThanOrEqual(9);
  });

  it("names an alias that does not exist, and is content without accounts", async () => {
    expect((await box.oma("refresh", "nobody")).stderr).toContain("error ACCOUNT_NOT_FOUND");
    for (const alias of ["work", "home"]) await box.oma("remove", alias, "--yes");
    const { code, stdout } = await box.oma("refresh");
    expect([code, stdout]).toEqual([0, expect.stringContaining("No account is linked yet")]);
  });
});

const holdsAny = (text: string, secrets: ReadonlySet<string>): boolean =>
  [...secrets].some((secret) => text.includes(secret));

async function link(alias: string): Promise<void> {
  const { accessToken, refreshToken, idToken } = sim.tokensOf(alias);
  const tokens = { access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
  const file = await box.write(`${alias}.json`, { tokens });
  await box.oma("import", "--from", file, "--alias", alias);
}
