import type { Failure } from "@open-multi-auth/domain";
import { redact } from "@open-multi-auth/domain";
import { gatewayKeys } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile } from "../files/change-file.ts";
import { actorOf, withPool } from "../pool.ts";
import { diffText } from "../present/diff.ts";
import { readCodexConfig } from "./config-file.ts";
import { keyNameIn, withoutGateway } from "./edit-config.ts";

/** Takes the gateway out of the Codex CLI's configuration, and takes its key away. */
export async function uninstallCodex({ flags }: Input, context: Context): Promise<Result<ExitCode, Failure>> {
  const config = await readCodexConfig(context.env);
  if (config.isErr()) return err(config.error);
  const { path, text } = config.value;
  const { out } = context;
  const after = text === null ? null : withoutGateway(text);
  if (text === null || after === text) {
    out.print(`${path} does not ask the gateway`);
    return ok(0);
  }
  const change = { path, before: text, after };
  if (flags.has("dry-run")) {
    out.print(redact(diffText(change, out.colours)));
    return ok(0);
  }
  const changed = await changeFile(change);
  if (changed.isErr()) return err(changed.error);
  out.print(`${after === null ? "removed" : "wrote"} ${path}`);
  return revoke(keyNameIn(text), context);
}

async function revoke(name: string | undefined, context: Context): Promise<Result<ExitCode, Failure>> {
  if (name === undefined) return ok(0);
  return withPool(context, async (pool): Promise<Result<ExitCode, Failure>> => {
    const keys = gatewayKeys(pool, actorOf(context));
    if (!keys.list().some((key) => key.name === name)) return ok(0);
    return (await keys.revoke(name)).map(() => {
      context.out.print(`revoked its key ${name}`);
      return 0;
    });
  });
}
