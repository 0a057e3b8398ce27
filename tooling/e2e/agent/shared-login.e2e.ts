import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startUpstreamSim, type StartOptions, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";
import { codexLogin, createCodexHome, promptCodex, type CodexHome } from "../src/index.ts";
import { CLI_FILE, type CliRun } from "./rig.ts";

const ACCOUNT = [{ alias: "work" }];

describe("a login that the real Codex CLI and we share", () => {
  it("AUT-11: ten times in turn both renew it, with single-use tokens, and neither is ever logged out", async () => {
    await using machine = await createMachine({ accounts: ACCOUNT, revokeFamilyOnReuse: true });
    const { sim, codex, oma } = machine;
    expect(await oma("import", "--from", "codex", "--alias", "work")).toMatchObject({ exitCode: 0 });
    for (let turn = 0; turn < 10; turn += 1) {
      // The Codex CLI finds its token refused, and renews it.
      sim.expireAccessToken("work");
      const { exitCode, stdout } = await promptCodex(codex, `turn ${turn}`);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`work answered: turn ${turn}`)]);
      // We take its new token over, and the next time it is our turn.
      expect(await oma("refresh", "work", "--tokens")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(usersOf(machine)).toHaveLength(2 * turn + 1);
      expect(await oma("refresh", "work", "--tokens")).toMatchObject({ exitCode: 0, stderr: "" });
      await expectShared(machine);
    }
    expect(usersOf(machine)).toEqual(
      Array.from({ length: 10 }, () => ["codex granted", "oma granted"]).flat(),
    );
  });

  it("AUT-11: when both renew it at the same moment, the slower one goes on with what the other got", async () => {
    await using machine = await createMachine({ accounts: ACCOUNT });
    const { sim, codex, oma } = machine;
    await oma("import", "--from", "codex", "--alias", "work");
    for (let turn = 0; turn < 3; turn += 1) {
      sim.expireAccessToken("work");
      sim.script("work", [{ kind: "ok", delayMs: 500 }], "token");
      const [ours] = await Promise.all([
        oma("refresh", "work", "--tokens"),
        promptCodex(codex, "at the same moment"),
      ]);
      expect(ours).toMatchObject({ exitCode: 0, stderr: "" });
      const { exitCode, stdout } = await promptCodex(codex, `turn ${turn}`);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`work answered: turn ${turn}`)]);
    }
    for (let times = 0; times < 2; times += 1)
      expect(await oma("refresh", "work", "--tokens")).toMatchObject({ exitCode: 0, stderr: "" });
    await expectShared(machine);
  });
});

/** Who used which refresh token, and what came of it. */
function usersOf({ sim }: Machine): string[] {
  return sim
    .log()
    .filter(({ endpoint }) => endpoint === "token")
    .map(({ headers, grant }) => {
      const user = headers?.["originator"] === undefined ? "oma" : "codex";
      return `${user} ${grant?.result}`;
    });
}

interface Machine extends AsyncDisposable {
  readonly sim: UpstreamSim;
  readonly codex: CodexHome;
  readonly oma: (...args: readonly string[]) => Promise<CliRun>;
}

/** A machine on which a person is signed in to the Codex CLI, and has our CLI. */
async function createMachine(options: StartOptions): Promise<Machine> {
  const sim = await startUpstreamSim(options);
  const [account] = sim.accounts();
  const codex = await createCodexHome({ ...sim, auth: account && codexLogin(account, new Date()) });
  const env = {
    HOME: codex.home,
    PATH: codex.env["PATH"],
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
  };
  return {
    sim,
    codex,
    oma: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [CLI_FILE, ...args], { env, cwd: codex.work }, (error, stdout, stderr) => {
          resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
        });
      }),
    async [Symbol.asyncDispose]() {
      await codex.dispose();
      await sim.close();
    },
  };
}

/** The Codex CLI's file and our store hold the newest tokens. */
async function expectShared({ sim, codex }: Machine): Promise<void> {
  const { accessToken, refreshToken } = sim.tokensOf("work");
  const { tokens } = JSON.parse(await readFile(codex.authFile, "utf8")) as { tokens: unknown };
  expect(tokens).toMatchObject({ access_token: accessToken, refresh_token: refreshToken });
  const store = join(codex.home, ".local", "share", "open-multi-auth", "store.json");
  const { accounts } = JSON.parse(await readFile(store, "utf8")) as { accounts: unknown };
  expect(accounts).toMatchObject({ work: { accessToken, refreshToken } });
}
