import { redact, type Failure } from "@open-multi-auth/domain";
import { gatewayKeys, type GatewayKeys } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import { stat } from "node:fs/promises";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile } from "../files/change-file.ts";
import type { ConfigFile } from "../opencode/plan.ts";
import { actorOf, withPool } from "../pool.ts";
import { diffText } from "../present/diff.ts";
import { isGatewayUp } from "./is-gateway-up.ts";
import { portOf } from "./port.ts";

/** What a client's configuration is told of the gateway. */
export interface GatewayAccess {
  readonly port: number;
  readonly key: string;
  readonly keyName: string;
}

/** A client whose configuration can be pointed at the gateway. */
export interface GatewayClient {
  /** As the person calls it. */
  readonly title: string;
  /** What its first key is called. */
  readonly keyName: string;
  readonly file: ConfigFile;
  /** The key that stands in its configuration. */
  readonly keyIn: (text: string) => string | undefined;
  readonly edit: (text: string | null, access: GatewayAccess) => Result<string, Failure>;
  /** What keeps it from the gateway all the same. */
  readonly warnings: (text: string) => Promise<readonly string[]>;
}

const NEW_KEY = "<a new key>";

/** Has a client ask the gateway, with a key of its own; run again, it changes only what is out of date. */
export async function installClient(
  client: GatewayClient,
  input: Input,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const port = portOf("install", input, 1);
  if (port.isErr()) return err(port.error);
  const { file } = client;
  return withPool(context, async (pool): Promise<Result<ExitCode, Failure>> => {
    const keys = gatewayKeys(pool, actorOf(context));
    const known = knownKey(client, keys);
    const keyName = known?.name ?? freeName(client.keyName, keys);
    // Tried before a key is made: a file that cannot be edited leaves none behind.
    const tried = client.edit(file.text, { port: port.value, key: known?.key ?? NEW_KEY, keyName });
    if (tried.isErr()) return err(tried.error);
    if (input.flags.has("dry-run")) return preview(file, tried.value, context);
    const written =
      known === undefined
        ? await writeWithNewKey(client, { port: port.value, keyName }, keys)
        : await write(file, tried.value);
    if (written.isErr()) return err(written.error);
    await report(client, tried.value, port.value, context);
    return ok(0);
  });
}

function knownKey(
  { file, keyIn }: GatewayClient,
  keys: GatewayKeys,
): { key: string; name: string } | undefined {
  const key = file.text === null ? undefined : keyIn(file.text);
  const name = key === undefined ? undefined : keys.find(key)?.name;
  return key === undefined || name === undefined ? undefined : { key, name };
}

/** Another machine's or folder's configuration of the same client has a key of its own. */
function freeName(wanted: string, keys: GatewayKeys): string {
  const taken = new Set(keys.list().map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}

/** A key that did not get into the file opens nothing. */
async function writeWithNewKey(
  { file, edit }: GatewayClient,
  { port, keyName }: Omit<GatewayAccess, "key">,
  keys: GatewayKeys,
): Promise<Result<void, Failure>> {
  const key = await keys.create(keyName);
  if (key.isErr()) return err(key.error);
  const after = edit(file.text, { port, key: key.value, keyName });
  const written = after.isErr() ? err(after.error) : await write(file, after.value);
  if (written.isErr()) await keys.revoke(keyName);
  return written;
}

async function write({ path, text }: ConfigFile, after: string): Promise<Result<void, Failure>> {
  if (after === text) return ok();
  return (await changeFile({ path, before: text, after, mode: 0o600 })).map(() => undefined);
}

function preview({ path, text }: ConfigFile, after: string, { out }: Context): Result<ExitCode, Failure> {
  const change = { path, before: text, after };
  out.print(after === text ? "nothing to change" : redact(diffText(change, out.colours)));
  return ok(0);
}

async function report(
  { title, file, warnings }: GatewayClient,
  after: string,
  port: number,
  { out, err: errors }: Context,
): Promise<void> {
  out.print(after === file.text ? `${file.path} asks the gateway already` : `wrote ${file.path}`);
  if (await isOpenToOthers(file.path))
    errors.print(`others on this machine can read ${file.path}, and the key in it: \`chmod 600\` closes it`);
  for (const warning of await warnings(after)) errors.print(warning);
  out.print(
    (await isGatewayUp(port))
      ? `the gateway answers on port ${port}: ${title} uses your pool now`
      : `the gateway does not run on port ${port} yet: start it with \`oma gateway\`, and ${title} uses your pool`,
  );
}

/** A configuration keeps the mode that its person gave it. */
async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0;
}
