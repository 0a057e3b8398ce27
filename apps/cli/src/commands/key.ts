import { toIso, type Failure, type GatewayKey } from "@open-multi-auth/domain";
import { gatewayKeys, type GatewayKeys } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { table } from "../present/text.ts";
import { usage } from "../usage.ts";

const VERBS = ["create", "list", "revoke"] as const;

/** `oma key create|list|revoke` */
export const keyCommand: Command = {
  arguments: [
    { name: "verb", required: true, choices: VERBS },
    { name: "name", required: false },
  ],
  options: { json: { about: "print it as JSON" } },
  examples: ["key create laptop", "key list", "key revoke laptop"],
  run: async (input, context) => {
    const [verb, name] = input.words;
    if (verb === "list" && name !== undefined) return err(usage("key", "`list` takes no name"));
    if (verb !== "list" && name === undefined) return err(usage("key", "<name> is missing"));
    return withPool(context, (pool) => {
      const keys = gatewayKeys(pool, actorOf(context));
      if (verb === "list" || name === undefined) return list(keys.list(), input, context);
      return verb === "create" ? create(keys, name, input, context) : revoke(keys, name, context);
    });
  },
};

async function create(
  keys: GatewayKeys,
  name: string,
  { flags }: Input,
  { out, err: errors }: Context,
): Promise<Result<ExitCode, Failure>> {
  return (await keys.create(name)).map((key) => {
    out.print(flags.has("json") ? JSON.stringify({ name, key }) : key);
    if (!flags.has("json")) errors.print("this is shown once; it opens the gateway on this machine");
    return 0;
  });
}

async function revoke(keys: GatewayKeys, name: string, { out }: Context): Promise<Result<ExitCode, Failure>> {
  return (await keys.revoke(name)).map(() => {
    out.print(`revoked ${name}: whoever has it is refused from now on`);
    return 0;
  });
}

function list(keys: readonly GatewayKey[], { flags }: Input, { out }: Context): Result<ExitCode, Failure> {
  const shown = keys.map(({ name, createdAt, createdBy }) => ({
    name,
    createdAt: toIso(createdAt),
    createdBy,
  }));
  if (flags.has("json")) out.print(JSON.stringify({ keys: shown }));
  else if (shown.length === 0) out.print("there is no key; `oma key create <name>` makes one");
  else
    out.print(
      table(shown.map(({ name, createdAt, createdBy }) => [name, createdAt ?? "", createdBy.user ?? ""])),
    );
  return ok(0);
}
