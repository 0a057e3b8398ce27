import { failure, parseEnvironment, type Failure } from "@open-multi-auth/domain";
import { poolPaths } from "@open-multi-auth/runtime-node";
import { err, type Result } from "neverthrow";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { readTextIfThere } from "../files/read-text.ts";
import { baseUrl } from "../gateway/base-url.ts";
import { installClient, type GatewayAccess } from "../gateway/install-client.ts";
import { uninstallClient } from "../gateway/uninstall-client.ts";
import { targetSite } from "./config-files.ts";
import { gatewayKeyIn, withGatewayOptions, withoutGatewayOptions } from "./gateway-options.ts";
import type { ConfigFile } from "./plan.ts";
import { readConfigs } from "./read-configs.ts";

/** `oma install opencode --gateway`: has OpenCode's own provider ask the gateway, without the plugin. */
export async function installGateway(input: Input, context: Context): Promise<Result<ExitCode, Failure>> {
  const files = await globalFiles(context);
  if (files.isErr()) return err(files.error);
  const file = files.value.find(asks) ?? files.value.find(({ text }) => text !== null) ?? files.value[0];
  if (file === undefined)
    return err(failure("INTERNAL_ERROR", "OpenCode has no place for a configuration", {}));
  const { openCodeAuthFile } = poolPaths(context.env, parseEnvironment(context.env));
  const client = {
    title: "OpenCode",
    keyName: "opencode",
    file,
    keyIn: gatewayKeyIn,
    edit: (text: string | null, { port, key }: GatewayAccess) =>
      withGatewayOptions(text, { baseURL: baseUrl(port), apiKey: key }).mapErr((problem) =>
        invalid(file.path, problem),
      ),
    warnings: () => loginWarning(openCodeAuthFile),
  };
  return installClient(client, input, context);
}

/** Takes the gateway out of OpenCode's configuration; undefined where none asks it. */
export async function uninstallGateway(
  input: Input,
  context: Context,
): Promise<Result<ExitCode, Failure> | undefined> {
  const files = await globalFiles(context);
  const file = files.unwrapOr([]).find(asks);
  if (file === undefined || file.text === null) return undefined;
  const { path, text } = file;
  const after = withoutGatewayOptions(text);
  if (after.isErr()) return err(invalid(path, after.error));
  return uninstallClient({ path, before: text, after: after.value }, gatewayKeyIn(text), input, context);
}

/** The person's own files, the one to create first: a key does not belong into a project. */
const globalFiles = ({ env, cwd }: Context) => readConfigs(targetSite("global", env, cwd).files);

const asks = ({ text }: ConfigFile): boolean => text !== null && gatewayKeyIn(text) !== undefined;

/** With a login of its own OpenCode asks OpenAI itself, whatever its configuration says. */
async function loginWarning(file: string): Promise<readonly string[]> {
  const text = await readTextIfThere(file).catch(() => null);
  const isSignedIn = text !== null && /"openai"\s*:\s*\{[^}]*"type"\s*:\s*"oauth"/.test(text);
  return isSignedIn
    ? [
        "OpenCode is signed in to OpenAI by itself and would not ask the gateway: `opencode auth logout` ends that",
      ]
    : [];
}

function invalid(path: string, problem: string): Failure {
  const fix = `repair ${path}, then run this again; nothing was changed`;
  return failure("CONFIG_INVALID", `${path}: ${problem}`, { path, fix });
}
