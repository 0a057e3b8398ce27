import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CAST, type Cast } from "../src/demo/conversation.ts";
import { runDemo } from "../src/demo/demo.ts";
import { coloursFor } from "../src/present/colours.ts";
import { openCodeBinary } from "./open-code-binary.ts";

const PLUGIN = fileURLToPath(new URL("../../plugin/dist/plugin.js", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../dist/oma.js", import.meta.url));

describe("oma demo", () => {
  it("without a terminal runs once: the spent account is moved away from, every prompt is answered, status 0", async () => {
    const args = [PROGRAM, "demo", "--opencode", openCodeBinary()];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/#3 .*work .*429 quota/);
    expect(stdout).toMatch(/personal .*200 served.*affinity, then work: quota-exhausted/);
    expect(rowsOf(stdout.split("\n"))).toHaveLength(CAST.script.length);
    expect(await openCodeProcesses()).toEqual([]);
  });

  it("shows what happened, not what was planned: another script gives another table", async () => {
    const cast: Cast = {
      accounts: [{ alias: "one" }, { alias: "two", percentPerRequest: { fiveHour: 100 } }],
      script: ["a", "b", "c", "d"].map((conversation) => ({ conversation, text: "Say hello" })),
    };
    const { lines, status } = await play(cast);
    expect(status).toBe(0);
    const accounts = rowsOf(lines).map((line) => line.split(/\s+/)[2]);
    // One answer spends "two" whole: new conversations then go to the other.
    expect(accounts).toEqual(["one", "two", "one", "one"]);
  });

  it("fails when what it is to show did not happen", async () => {
    const { lines, status } = await play({
      accounts: [{ alias: "one" }],
      script: CAST.script.slice(0, 1),
      runsDry: "one",
    });
    expect(rowsOf(lines)).toHaveLength(1);
    expect(status).toBe(1);
  });
});

async function play(cast: Cast): Promise<{ lines: string[]; status: number }> {
  const lines: string[] = [];
  const status = await runDemo({
    binary: openCodeBinary(),
    plugin: PLUGIN,
    cast,
    colours: coloursFor(false, {}),
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return { lines, status: status._unsafeUnwrap() };
}

const rowsOf = (lines: readonly string[]): string[] => lines.filter((line) => /^#\d/.test(line));

/** OpenCode processes of demos that are still there. */
async function openCodeProcesses(): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.includes("oma-demo-"));
}
