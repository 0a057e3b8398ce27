import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { KeychainUnavailable } from "../../errors.ts";
import { linux } from "./linux.ts";
import { macos } from "./macos.ts";
import type { KeychainTool, ToolEnd } from "./tool.ts";
import { windows } from "./windows.ts";

/** Secrets of the person's that the operating system keeps. */
export interface Keychain {
  /** The secret of an id; `undefined` where the keychain answers and has none. */
  read(id: string): Promise<Result<string | undefined, KeychainUnavailable>>;
  keep(id: string, secret: string): Promise<Result<void, KeychainUnavailable>>;
}

/**
 * Runs a program without a shell: its arguments, and what it reads on its standard input.
 *
 * Secrets travel on standard input and output only: arguments are seen by every user of the machine.
 */
export type RunTool = (command: string, args: readonly string[], input: string) => Promise<ToolEnd>;

/** The keychain of an operating system, through the tool that comes with it. */
export function createKeychain(platform: NodeJS.Platform, run: RunTool): Keychain {
  const tool = platform === "darwin" ? macos : platform === "win32" ? windows : linux;
  return {
    read: async (id) => {
      const { args, input } = tool.read(id);
      const end = await run(tool.command, args, input);
      if (end.kind === "ended" && tool.isAbsent(end)) return ok(undefined);
      return outputOf(end, tool).map((output) => output.trim());
    },
    keep: async (id, secret) => {
      const { args, input } = tool.keep(id, secret);
      return outputOf(await run(tool.command, args, input), tool).map(() => undefined);
    },
  };
}

/** What the tool wrote is no part of a message: it may be the secret. */
function outputOf(end: ToolEnd, tool: KeychainTool): Result<string, KeychainUnavailable> {
  const { command, keychain } = tool;
  if (end.kind === "ended" && end.code === 0) return ok(end.stdout);
  if (end.kind === "missing") {
    return err(
      failure("KEYCHAIN_UNAVAILABLE", `${keychain} cannot be asked: there is no \`${command}\``, {
        tool: command,
        fix: tool.install,
      }),
    );
  }
  const how =
    end.kind === "ended" ? `\`${command}\` ended with ${end.code}` : `\`${command}\` did not answer`;
  const details = { tool: command, fix: tool.unlock };
  return err(failure("KEYCHAIN_UNAVAILABLE", `${keychain} cannot be asked: ${how}`, details));
}
