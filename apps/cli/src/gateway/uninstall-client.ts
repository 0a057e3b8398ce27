import { redact, type Failure } from "@open-multi-auth/domain";
import { gatewayKeys } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile, type FileChange } from "../files/change-file.ts";
import { actorOf, withPool } from "../pool.ts";
import { diffText } from "../present/diff.ts";

/**
 * Takes the gateway out of a client's configuration, and takes its key away.
 *
 * @param change nothing, where the configuration does not ask the gateway
 * @param key the key that stood in it
 */
export async function uninstallClient(
  change: FileChange,
  key: string | undefined,
  { flags }: Input,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { out } = context;
  const { path, before, after } = change;
  if (before === after) {
    out.print(`${path} does not ask the gateway`);
    return ok(0);
  }
  if (flags.has("dry-run")) {
    out.print(redact(diffText(change, out.colours)));
    return ok(0);
  }
  const changed = await changeFile(change);
  if (changed.isErr()) return err(changed.error);
  out.print(`${after === null ? "removed" : "wrote"} ${path}`);
  return key === undefined ? ok(0) : revoke(key, context);
}

function revoke(key: string, context: Context): Promise<Result<ExitCode, Failure>> {
  return withPool(context, async (pool): Promise<Result<ExitCode, Failure>> => {
    const keys = gatewayKeys(pool, actorOf(context));
    const name = keys.find(key)?.name;
    if (name === undefined) return ok(0);
    return (await keys.revoke(name)).map(() => {
      context.out.print(`revoked its key ${name}`);
      return 0;
    });
  });
}
