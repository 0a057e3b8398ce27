import { redact, type Failure } from "@open-multi-auth/domain";
import { gatewayKeys, type GatewayKeys } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import { stat } from "node:fs/promises";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile } from "../files/change-file.ts";
import { isGatewayUp } from "../gateway/is-gateway-up.ts";
import { portOf } from "../gateway/port.ts";
import type { ConfigFile } from "../opencode/plan.ts";
import { actorOf, withPool } from "../pool.ts";
import { diffText } from "../present/diff.ts";
import { invalid, readCodexConfig } from "./config-file.ts";
import { keyIn, keyNameIn, otherProfile, withGateway } from "./edit-config.ts";

const KEY_NAME = "codex";
const NEW_KEY = "<a new key>";

/** Has the Codex CLI ask the gateway, with a key of its own. */
export async function installCodex(input: Input, context: Context): Promise<Result<ExitCode, Failure>> {
  const port = portOf("install", input);
  if (port.isErr()) return err(port.error);
  const config = await readCodexConfig(context.env);
  if (config.isErr()) return err(config.error);
  const file = config.value;
  return withPool(context, async (pool): Promise<Result<ExitCode, Failure>> => {
    const keys = gatewayKeys(pool, actorOf(context));
    const keyName = keyNameFor(file, keys);
    const known = knownKey(file, keys);
    // Tried before a key is made: a file that cannot be edited leaves none behind.
    const tried = edited(file, { port: port.value, key: known ?? NEW_KEY, keyName });
    if (tried.isErr()) return err(tried.error);
    if (input.flags.has("dry-run")) return preview(file, tried.value, context);
    if (known === undefined) {
      const written = await writeWithNewKey(file, { port: port.value, keyName }, keys);
      if (written.isErr()) return err(written.error);
    } else if (tried.value !== file.text) {
      const changed = await write(file, tried);
      if (changed.isErr()) return err(changed.error);
    }
    await report(file, tried.value, port.value, context);
    return ok(0);
  });
}

/** The name that the file's own key has, or one that no key has. */
function keyNameFor({ text }: ConfigFile, keys: GatewayKeys): string {
  const own = text === null ? undefined : keyNameIn(text);
  if (own !== undefined) return own;
  const taken = new Set(keys.list().map(({ name }) => name));
  const free = Array.from({ length: taken.size + 1 }, (_, at) =>
    at === 0 ? KEY_NAME : `${KEY_NAME}-${at + 1}`,
  );
  return free.find((name) => !taken.has(name)) ?? KEY_NAME;
}

/** The key that stands in the file, if it opens the gateway. */
function knownKey({ text }: ConfigFile, keys: GatewayKeys): string | undefined {
  const key = text === null ? undefined : keyIn(text);
  return key !== undefined && keys.isKey(key) ? key : undefined;
}

function edited(file: ConfigFile, access: Parameters<typeof withGateway>[1]): Result<string, Failure> {
  return withGateway(file.text, access).orElse((problem) => invalid(file.path, problem));
}

/** A key that did not get into the file opens nothing. */
async function writeWithNewKey(
  file: ConfigFile,
  { port, keyName }: { readonly port: number; readonly keyName: string },
  keys: GatewayKeys,
): Promise<Result<void, Failure>> {
  if (keys.list().some(({ name }) => name === keyName)) {
    const revoked = await keys.revoke(keyName);
    if (revoked.isErr()) return err(revoked.error);
  }
  const key = await keys.create(keyName);
  if (key.isErr()) return err(key.error);
  const written = await write(file, edited(file, { port, key: key.value, keyName }));
  if (written.isErr()) await keys.revoke(keyName);
  return written;
}

async function write(file: ConfigFile, after: Result<string, Failure>): Promise<Result<void, Failure>> {
  if (after.isErr()) return err(after.error);
  const written = await changeFile({ path: file.path, before: file.text, after: after.value, mode: 0o600 });
  return written.map(() => undefined);
}

function preview(file: ConfigFile, after: string, { out }: Context): Result<ExitCode, Failure> {
  const change = { path: file.path, before: file.text, after };
  out.print(after === file.text ? "nothing to change" : redact(diffText(change, out.colours)));
  return ok(0);
}

async function report(
  file: ConfigFile,
  after: string,
  port: number,
  { out, err: errors }: Context,
): Promise<void> {
  out.print(after === file.text ? `${file.path} asks the gateway already` : `wrote ${file.path}`);
  if (await isOpenToOthers(file.path))
    errors.print(`others on this machine can read ${file.path}, and the key in it: \`chmod 600\` closes it`);
  const profile = otherProfile(after);
  if (profile !== undefined)
    errors.print(
      `the profile "${profile}" that it uses has a provider of its own, which wins: change that, or leave the profile`,
    );
  const isUp = await isGatewayUp(port);
  out.print(
    isUp
      ? `the gateway answers on port ${port}: the Codex CLI uses your pool now`
      : `the gateway does not run on port ${port} yet: start it with \`oma gateway\`, and the Codex CLI uses your pool`,
  );
}

/** A configuration keeps the mode that its person gave it. */
async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0;
}
