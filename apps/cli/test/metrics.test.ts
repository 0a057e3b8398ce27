import { metricsSchema } from "@open-multi-auth/domain";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

const DECISIONS = ".local/share/open-multi-auth/decisions/decisions.jsonl";
let program: Awaited<ReturnType<typeof buildProgram>>;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());

describe("oma metrics", () => {
  it("OBS-04: prints the figures of every record there is, for people, as JSON and for Prometheus", async () => {
    const box = await sandbox();
    await box.write(DECISIONS, [moved, plain, "not a record\n"].join(""));
    const { code, stdout } = await box.oma("metrics");
    expect(code).toBe(0);
    expect(stdout).toMatch(/served +2 \(100 % of what could be\)/);
    expect(stdout).toMatch(/moved to another account +once/);
    expect(stdout).toMatch(/failures you did not notice +1/);
    expect(stdout).toMatch(/added before the first byte +5 ms for half of them, 210 ms at most for 95 %/);
    expect(stdout).toMatch(/home +2 +100 %/);
    expect(stdout).toMatch(/work +0 +0 % +1 quota/);
    const json = metricsSchema.parse(JSON.parse((await box.oma("metrics", "--json")).stdout));
    expect(json).toMatchObject({ requests: { total: 2, served: 2 }, failovers: 1, interruptionsKept: 1 });
    const text = (await box.oma("metrics", "--prometheus")).stdout;
    expect(text).toContain('\nopen_multi_auth_requests_total{outcome="served"} 2\n');
    expect(text).toContain('\nopen_multi_auth_added_latency_seconds{quantile="0.95"} 0.21\n');
  });

  it("says so where nothing was asked yet, and refuses two forms at once", async () => {
    const box = await sandbox();
    expect((await box.oma("metrics")).stdout).toContain("no request was made yet");
    expect(await box.oma("metrics", "--json", "--prometheus")).toMatchObject({ code: 2 });
  });
});

async function sandbox(): Promise<Sandbox> {
  const box = await createSandbox(program.program);
  onTestFinished(() => box.remove());
  return box;
}

const line = (firstByteMs: number, attempts: readonly object[]): string =>
  `${JSON.stringify({
    requestId: crypto.randomUUID(),
    at: Date.UTC(2026, 10, 21),
    strategy: "round-robin",
    selectedAlias: "home",
    why: "strategy",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 2, disabled: 0 },
    candidates: [],
    attempts,
    outcome: "served",
    firstByteMs,
    totalMs: 900,
    replay: { now: Date.UTC(2026, 10, 21) },
  })}\n`;

const answered = { alias: "home", verdict: "served", status: 200, ms: 100 };
const moved = line(310, [{ alias: "work", verdict: "quota", status: 429, ms: 200 }, answered]);
const plain = line(105, [answered]);
