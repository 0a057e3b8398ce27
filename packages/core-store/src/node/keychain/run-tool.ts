import { text } from "node:stream/consumers";
import type { DurationMs } from "@open-multi-auth/domain";
import { errnoOf } from "../fault.ts";
import type { RunTool } from "./keychain.ts";
import type { ToolEnd } from "./tool.ts";

/** Long enough to answer a dialog that asks for the keychain's password. */
const SILENT_AFTER_MS: DurationMs = 60_000;

/** Runs programs that the `PATH` of an environment leads to, for at most a minute each. */
export const runTool =
  (env: Readonly<Record<string, string | undefined>>): RunTool =>
  async (command, args, input) => {
    // Only stores with a key in the keychain start a program; the others need not load this.
    const { spawn } = await import("node:child_process");
    return new Promise((resolve) => {
      const child = spawn(command, args, { env, stdio: "pipe", windowsHide: true });
      let isSilent = false;
      const timer = setTimeout(() => {
        isSilent = true;
        child.kill("SIGKILL");
      }, SILENT_AFTER_MS);
      const end = (how: ToolEnd): void => {
        clearTimeout(timer);
        resolve(how);
      };
      const output = Promise.all([text(child.stdout), text(child.stderr)]).catch(() => ["", ""] as const);
      child.once("error", (thrown) => {
        const isMissing = ["ENOENT", "EACCES"].includes(errnoOf(thrown) ?? "");
        end(isMissing ? { kind: "missing" } : { kind: "silent" });
      });
      child.once("close", (code) => {
        if (isSilent) return end({ kind: "silent" });
        void output.then(([stdout, stderr]) => end({ kind: "ended", code: code ?? -1, stdout, stderr }));
      });
      // It may end without reading.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  };
