import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const CLIENT = fileURLToPath(new URL("endurance-client.ts", import.meta.url));

describe("very many requests in a row", () => {
  it("CON-24: leave less than 5 MB behind in memory, and a store under 100 kB with ten accounts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "oma-endurance-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const args = ["--conditions=@open-multi-auth/source", "--expose-gc", CLIENT];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, HOME: folder, OPENCODE_MULTI_AUTH_STORE_DIR: folder },
    });
    const { requests, grownBytes }: { requests: number; grownBytes: number } = JSON.parse(stdout);
    expect(requests).toBe(20_000);
    expect(grownBytes).toBeLessThan(5_000_000);
    const { size } = await stat(join(folder, "store.json"));
    expect(size).toBeGreaterThan(20_000);
    expect(size).toBeLessThan(100_000);
  });
});
