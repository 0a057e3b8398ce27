import { spawn } from "node:child_process";
import { once } from "node:events";
import type { DemoHome } from "./demo-home.ts";
import { stopProcess } from "./processes.ts";

/** What a full-screen program that was killed leaves on: its own screen, mouse, paste and keyboard modes, no cursor. */
const RESTORE = ["?1049l", "?1000l", "?1002l", "?1003l", "?1006l", "?2004l", "<u", "?25h", "0m"]
  .map((code) => `\u001B[${code}`)
  .join("");

/** Opens OpenCode on this terminal until the person leaves it, or the signal ends it. */
export async function openTerminal(binary: string, home: DemoHome, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { TERM = "xterm-256color", COLORTERM } = process.env;
  const env = { ...home.env, TERM, ...(COLORTERM !== undefined && { COLORTERM }) };
  const terminal = spawn(binary, [], { cwd: home.work, env, stdio: "inherit" });
  const end = (): void => void stopProcess(terminal, { group: false });
  signal.addEventListener("abort", end, { once: true });
  try {
    await once(terminal, "close");
  } finally {
    signal.removeEventListener("abort", end);
    if (signal.aborted && process.stdout.isTTY) process.stdout.write(RESTORE);
  }
}
