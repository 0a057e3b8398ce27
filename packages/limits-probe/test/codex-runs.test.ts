import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountId, epochMs, newAccount, parseAlias, parseEnvironment } from "@open-multi-auth/domain";
import { okAsync } from "neverthrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAppServerRunner, createExecRunner, type CodexCliDeps } from "../src/node/index.ts";

const clock = { now: () => epochMs(Date.now()) };
const account = newAccount(
  accountId("a1"),
  parseAlias("work")._unsafeUnwrap(),
  { accessToken: "at-1", refreshToken: "rt-secret", expiresAt: epochMs(0), source: "import" },
  clock.now(),
);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oma-codex-runs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a run of the Codex CLI", () => {
  it("LIM-10: is ended with all it started when its time is up, though it heeds no interrupt", async () => {
    const script = `trap '' INT TERM; sleep 300 & echo $! > "${folder}/child"; sleep 300; wait`;
    const attempt = await createExecRunner(await turns(script, 100)).run(account, signal());
    expect(attempt.result._unsafeUnwrapErr()).toMatchObject({
      code: "PROBE_RUN_FAILED",
      details: { problem: "interrupted", signal: "SIGKILL" },
    });
    const child = Number(await readFile(join(folder, "child"), "utf8"));
    await expect.poll(() => isRunning(child)).toBe(false);
    expect(await readdir(join(folder, "probe-homes"))).toEqual([]);
  });

  it("ends at once when the probe is called off, and asks no further model", async () => {
    const abort = new AbortController();
    const running = createExecRunner(await turns(`touch "${folder}/begun"; sleep 300`)).run(
      account,
      abort.signal,
    );
    await expect.poll(() => readdir(folder), { timeout: 10_000 }).toContain("begun");
    abort.abort();
    expect((await running).result._unsafeUnwrapErr()).toMatchObject({ details: { problem: "interrupted" } });
    expect(await readdir(join(folder, "probe-homes"))).toEqual([]);
  });

  it("sees no refresh token and nothing of the person's environment, in a home that is its owner's only", async () => {
    const script = `cat "$CODEX_HOME/auth.json" > "${folder}/auth"; env > "${folder}/env"; ls -ld "$HOME" > "${folder}/mode"`;
    await createExecRunner(await turns(script)).run(account, signal());
    const seen = await Promise.all(
      ["auth", "env", "mode"].map((name) => readFile(join(folder, name), "utf8")),
    );
    expect(JSON.parse(seen[0]!)).toMatchObject({ tokens: { access_token: "at-1", refresh_token: "" } });
    expect(seen.join("\n")).not.toMatch(/rt-secret|sk-of-the-person/);
    expect(seen[2]).toMatch(/^drwx------/);
  });

  it("sweeps a home that a power cut left, and leaves another process's alone", async () => {
    const [old, young] = ["run-old", "run-young"].map((name) => join(folder, "probe-homes", name));
    for (const home of [old!, young!]) await mkdir(home, { recursive: true });
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(old!, anHourAgo, anHourAgo);
    await createAppServerRunner(await program("exit 3")).run(account, signal());
    expect(await readdir(join(folder, "probe-homes"))).toEqual(["run-young"]);
  });

  it("names the fix where the program cannot be started, and where there is none", async () => {
    const deps = await program("exit 0");
    await writeFile(deps.env["CODEX_CLI_BIN"]!, "#!/nowhere/interpreter\n");
    const broken = await createAppServerRunner(deps).run(account, signal());
    expect(broken.result._unsafeUnwrapErr()).toMatchObject({
      code: "PROBE_SOURCE_UNAVAILABLE",
      details: { fix: "check that `codex --version` runs" },
    });
    const none = await createAppServerRunner({ ...deps, env: { PATH: folder } }).run(account, signal());
    expect(none.result._unsafeUnwrapErr()).toMatchObject({
      code: "PROBE_SOURCE_UNAVAILABLE",
      details: { fix: expect.stringContaining("npm install -g @openai/codex") },
    });
  });

  it("has failed where the program ends without an answer", async () => {
    const attempt = await createAppServerRunner(await program("exit 3")).run(account, signal());
    expect(attempt.result._unsafeUnwrapErr()).toMatchObject({
      code: "PROBE_RUN_FAILED",
      details: { exitCode: 3 },
    });
  });
});

const signal = (): AbortSignal => new AbortController().signal;

/** A program of this text in place of the Codex CLI; its clock runs `faster`. */
async function program(script: string, faster = 1): Promise<CodexCliDeps & { env: Record<string, string> }> {
  const file = join(folder, "codex-program");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return {
    tokens: { ensureFresh: () => okAsync({ accessToken: "at-1", fingerprint: "f1" }) },
    clock,
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms / faster);
        return () => clearTimeout(timer);
      },
    },
    upstreamUrl: "http://127.0.0.1:9/backend-api",
    folder,
    env: { PATH: "/usr/bin:/bin", OPENAI_API_KEY: "sk-of-the-person", CODEX_CLI_BIN: file },
    platform: "linux",
  };
}

async function turns(script: string, faster?: number): Promise<Parameters<typeof createExecRunner>[0]> {
  return {
    ...(await program(script, faster)),
    settings: () => ({ probeModels: ["model-a"] }),
    environment: parseEnvironment({}),
    refused: { of: () => new Set(), add: () => undefined },
  };
}

/** A process that has ended may stand in the table for a while, until someone asks how. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) Z /.test(status);
}
