import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CAST } from "../src/demo/conversation.ts";
import { runDemo } from "../src/demo/demo.ts";
import { openTerminal } from "../src/demo/open-terminal.ts";
import { coloursFor } from "../src/present/colours.ts";
import { buildProgram, createSandbox } from "./sandbox.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oma-ending-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program in place of OpenCode that says that it runs and then wants to stay. */
async function stubborn(): Promise<{ binary: string; running: () => Promise<boolean> }> {
  const binary = join(folder, "opencode");
  const pid = join(folder, "pid");
  await writeFile(
    binary,
    `#!/bin/sh\ntrap '' TERM INT HUP\necho $$ > ${pid}\nfor i in $(seq 300); do sleep 0.05; done\n`,
    {
      mode: 0o755,
    },
  );
  return { binary, running: async () => (await readdir(folder)).includes("pid") };
}

describe("ending the demo", () => {
  it("does not wait for an OpenCode that does not come up, and leaves no home behind", async () => {
    const { binary, running } = await stubborn();
    const ending = new AbortController();
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    const colours = coloursFor(false, {});
    const demo = runDemo({ binary, plugin: "none", cast: CAST, colours, print, signal: ending.signal });
    await until(running);
    ending.abort();
    expect((await demo)._unsafeUnwrap()).toBe(1);
    const [, home = ""] = /Everything is in (\S+)\/work/.exec(lines.join("\n")) ?? [];
    expect(home).toContain("oma-demo-");
    await expect(readdir(home)).rejects.toThrow("ENOENT");
  });

  it("ends the OpenCode that has the terminal", async () => {
    const { binary, running } = await stubborn();
    const ending = new AbortController();
    const home = { work: folder, env: { PATH: process.env["PATH"] ?? "" }, dispose: async () => {} };
    const open = openTerminal(binary, home, ending.signal);
    await until(running);
    ending.abort();
    await open;
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("oma", () => {
  it("says in two lines that --opencode names no program, and that its output was lost", async () => {
    const program = await buildProgram();
    const box = await createSandbox(program.program);
    try {
      const missing = await box.oma("demo", "--opencode", "nowhere");
      expect(missing.code).toBe(1);
      expect(missing.stderr).toMatch(/^error OPENCODE_NOT_EXECUTABLE: .*nowhere.*\nfix: .*\n$/);
      const full = spawn("/bin/sh", [
        "-c",
        `"$0" "$1" --help > /dev/full`,
        process.execPath,
        program.program,
      ]);
      let stderr = "";
      full.stderr.on("data", (chunk) => (stderr += String(chunk)));
      const code = await new Promise((resolve) => full.once("close", resolve));
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^error OUTPUT_LOST: .*ENOSPC.*\nfix: .*\n$/),
      });
    } finally {
      await box.remove();
      await program.remove();
    }
  });
});

async function until(probe: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(probe, { timeout: 10_000, interval: 5 });
}
