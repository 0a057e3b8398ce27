import { spawn } from "node:child_process";
import { appendFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { logEntrySchema } from "@open-multi-auth/domain";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const DECISIONS = `${FOLDER}/decisions/decisions.jsonl`;
let program: Awaited<ReturnType<typeof buildProgram>>;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());

describe("oma logs", () => {
  it("shows requests, changes and incidents as one stream, newest last, without a secret", async () => {
    const box = await linked();
    const { code, stdout } = await box.oma("logs");
    expect(code).toBe(0);
    const [request, incident, link, change, ...more] = stdout.trimEnd().split("\n");
    expect(request).toMatch(/^2020-01-01T00:00:00.000Z info {4}request {2}gpt-5.5 answered by ann/);
    expect(incident).toMatch(/^2021-01-01T00:00:00.000Z warning incident STORE_LOCKED: held$/);
    expect(link).toMatch(
      /^20.* info {4}change {3}account.link by \w+ \(cli\): .*accounts.ann none -> linked/,
    );
    expect(change).toContain("settings.criticalThreshold none -> 5");
    expect(more).toEqual([]);
    expect(stdout).not.toMatch(/canary|eyJ|@example/);
  });

  it("takes a limit, an account, and gives JSON", async () => {
    const box = await linked();
    expect((await box.oma("logs", "--limit", "1")).stdout).toMatch(/^[^\n]*settings.change[^\n]*\n$/);
    const { stdout } = await box.oma("logs", "--json", "--alias", "ann");
    const entries = stdout
      .trimEnd()
      .split("\n")
      .map((line) => logEntrySchema.parse(JSON.parse(line)));
    expect(entries.map(({ source }) => source)).toEqual(["request", "change"]);
    expect(await box.oma("logs", "--limit", "all")).toMatchObject({ code: 2 });
    expect((await (await sandbox()).oma("logs")).stderr).toContain("nothing was noted yet");
  });

  it("follows what other processes note, until it is told to end", async () => {
    const box = await linked();
    const child = spawn(process.execPath, [program.program, "logs", "--follow", "--limit", "1"], {
      env: box.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toContain("settings.change");
    await appendFile(box.path(DECISIONS), decision("later", Date.UTC(2022, 0)));
    expect((await lines.next()).value).toContain("gpt-5.5 answered by later");
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });
});

async function sandbox(): Promise<Sandbox> {
  const box = await createSandbox(program.program);
  onTestFinished(() => box.remove());
  return box;
}

/** Something in each of the logs. */
async function linked(): Promise<Sandbox> {
  const box = await sandbox();
  await box.write(".codex/auth.json", codexAuth("ann"));
  await box.oma("import");
  await box.oma("settings", "set", "criticalThreshold=5");
  await box.write(DECISIONS, decision("ann", Date.UTC(2020, 0)));
  const at = Date.UTC(2021, 0);
  const incident = { at, kind: "problem", level: "warning", code: "STORE_LOCKED", message: "held" };
  await box.write(`${FOLDER}/activity/incidents.jsonl`, `${JSON.stringify(incident)}\n`);
  return box;
}

const decision = (alias: string, at: number): string =>
  `${JSON.stringify({
    requestId: crypto.randomUUID(),
    at,
    model: "gpt-5.5",
    strategy: "round-robin",
    selectedAlias: alias,
    why: "strategy",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 1, disabled: 0 },
    candidates: [],
    attempts: [{ alias, verdict: "served", status: 200, ms: 100 }],
    outcome: "served",
    firstByteMs: 105,
    totalMs: 900,
    replay: { now: at },
  })}\n`;
