import type { Failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { installClient } from "../gateway/install-client.ts";
import { uninstallClient } from "../gateway/uninstall-client.ts";
import { invalid, readCodexConfig } from "./config-file.ts";
import { keyIn, otherProfile, withGateway, withoutGateway } from "./edit-config.ts";

/** `oma install codex`: has the Codex CLI ask the gateway. */
export async function installCodex(input: Input, context: Context): Promise<Result<ExitCode, Failure>> {
  const config = await readCodexConfig(context.env);
  if (config.isErr()) return err(config.error);
  const file = config.value;
  const client = {
    title: "the Codex CLI",
    keyName: "codex",
    file,
    keyIn,
    edit: (text: string | null, access: Parameters<typeof withGateway>[1]) =>
      withGateway(text, access).orElse((problem) => invalid(file.path, problem)),
    warnings: async (text: string) => profileWarning(otherProfile(text)),
  };
  return installClient(client, input, context);
}

/** `oma uninstall codex`: takes the gateway out of the Codex CLI's configuration. */
export async function uninstallCodex(input: Input, context: Context): Promise<Result<ExitCode, Failure>> {
  const config = await readCodexConfig(context.env);
  if (config.isErr()) return err(config.error);
  const { path, text } = config.value;
  const change = { path, before: text, after: text === null ? null : withoutGateway(text) };
  return uninstallClient(change, text === null ? undefined : keyIn(text), input, context);
}

const profileWarning = (profile: string | undefined): readonly string[] =>
  profile === undefined
    ? []
    : [
        `the profile "${profile}" that it uses has a provider of its own, which wins: change that, or leave the profile`,
      ];
