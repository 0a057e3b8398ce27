import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";
import { runOpenCode, type Run } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

/** Where tokens belong: our store, and the files of the tools they came from. */
const KEEPERS = /^(?:\.local\/share\/open-multi-auth\/store\.json(?:\.lkg)?|codex-auth\.json)$/;

/** Secrets that are none of ours, each in the one place where the person, or OpenCode, keeps it. */
const FOREIGN = {
  environment: "sk-canary-environment-0123456789",
  codexEnvironment: "canary-codex-environment-0123456789",
  otherProvider: "sk-canary-other-provider-0123456789",
  header: "canary-header-0123456789",
  cookie: "canary-cookie-0123456789",
};
const FOREIGN_KEEPERS = /^(?:\.local\/share\/opencode\/auth\.json|\.config\/opencode\/opencode\.json)$/;

describe("every byte that is written", () => {
  it("OBS-02: AUT-08: holds no secret outside its place, after success, failover, refresh, and refusal", async () => {
    await using rig = await createRig({
      accounts: [{ alias: "work" }, { alias: "home" }, { alias: "spare" }],
      auth: { "some-provider": { type: "api", key: FOREIGN.otherProvider } },
      env: { OPENAI_API_KEY: FOREIGN.environment, CODEX_ACCESS_TOKEN: FOREIGN.codexEnvironment },
      config: {
        provider: {
          openai: {
            options: {
              headers: {
                "x-api-key": FOREIGN.header,
                cookie: `session=${FOREIGN.cookie}`,
                "x-came": "through",
              },
            },
          },
        },
      },
    });
    const { sim } = rig;
    const secrets = new Set<string>();
    const runs: { stdout: string; stderr: string }[] = [];
    const step = async (prompt: string): Promise<Run> => {
      rememberTokens(sim, secrets);
      const run = await runOpenCode(rig.home, ["run", "--print-logs", "--log-level", "DEBUG", prompt]);
      rememberTokens(sim, secrets);
      runs.push(run);
      return run;
    };

    sim.script("work", [{ kind: "status", status: 500, body: echoOf(sim, "work"), times: "always" }]);
    sim.script("home", [{ kind: "token-expired", times: "always" }]);
    sim.script("home", [{ kind: "status", status: 401, body: tokenEchoOf(sim, "home") }], "token");
    sim.expireAccessToken("spare");
    expect((await step("served")).stdout).toContain("spare answered");
    const seen = sim.log().map(({ endpoint, alias, status }) => `${endpoint} ${alias} ${status}`);
    for (const one of ["responses work 500", "token home 401", "token spare 200"])
      expect(seen).toContain(one);

    for (const alias of ["work", "spare"])
      sim.script(alias, [{ kind: "status", status: 400, body: echoOf(sim, alias), times: "always" }]);
    await step("refused-by-upstream");
    expect(rig.requests().at(-1)?.status).toBe(400);

    for (const alias of ["work", "spare"]) sim.script(alias, [{ kind: "usage-limit", times: "always" }]);
    expect((await step("refused")).stderr).toContain("No account can answer now");
    for (const args of [
      ["list", "--json"],
      ["status"],
      ["status", "--json"],
      ["why"],
      ["why", "--json"],
      ["doctor"],
    ])
      runs.push(await rig.oma(...args));

    expect(secrets.size).toBeGreaterThanOrEqual(11);
    const files = await filesUnder(rig.home.folders.home);
    expect(files.some((file) => file.endsWith("opencode.db"))).toBe(true);
    expect(files.some((file) => file.includes("decisions"))).toBe(true);
    const places = await placesOf(rig, files, runs);
    const tokens = places(parts(secrets));
    expect(tokens.filter((place) => !KEEPERS.test(place))).toEqual([]);
    expect(tokens).toContain(".local/share/open-multi-auth/store.json");
    const foreign = places(Object.values(FOREIGN));
    expect(foreign.filter((place) => !FOREIGN_KEEPERS.test(place))).toEqual([]);
    expect(foreign).toHaveLength(2);
    // The headers came as far as the plugin, and the secrets among them no further.
    expect(rig.requests()[0]?.headers).toMatchObject({ "x-came": "through" });
    const sent = JSON.stringify(sim.log());
    for (const secret of Object.values(FOREIGN)) expect(sent).not.toContain(secret);
    await expectPrivate(rig);
  });
});

/** An error that repeats what came with the request, as servers do that are being debugged. */
function echoOf(sim: UpstreamSim, alias: string): unknown {
  const authorization = `Bearer ${sim.tokensOf(alias).accessToken}`;
  const error = { message: `refused: Authorization: ${authorization}`, param: authorization };
  return { error, detail: authorization, request: { headers: { authorization } } };
}

function tokenEchoOf(sim: UpstreamSim, alias: string): unknown {
  const { refreshToken } = sim.tokensOf(alias);
  const error = { code: "refresh_token_reused", message: `used: ${refreshToken}`, param: refreshToken };
  return { error, request: { refresh_token: refreshToken } };
}

function rememberTokens(sim: UpstreamSim, secrets: Set<string>): void {
  for (const { tokens } of sim.accounts())
    for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.idToken])
      if (secret) secrets.add(secret);
}

/** Tells where any of the secrets it is given stands: the names of files, and `printed`. */
async function placesOf(
  { home }: Rig,
  files: readonly string[],
  runs: readonly { stdout: string; stderr: string }[],
): Promise<(secrets: readonly string[]) => string[]> {
  const contents = new Map<string, Buffer>([
    ["printed", Buffer.from(runs.map(({ stdout, stderr }) => stdout + stderr).join("\n"))],
  ]);
  for (const file of files) contents.set(file, await readFile(join(home.folders.home, file)));
  return (secrets) =>
    [...contents].flatMap(([place, bytes]) =>
      secrets.some((secret) => bytes.includes(secret)) ? [place] : [],
    );
}

/** A leak may be cut short, so the distinctive middle of each secret is looked for. */
function parts(secrets: ReadonlySet<string>): string[] {
  return [...secrets].map((secret) => (secret.length > 60 ? secret.slice(-40) : secret));
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function expectPrivate({ folder }: Rig): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const { mode } = await stat(join(folder, name));
    expect([name, mode & 0o077]).toEqual([name, 0]);
  }
}
