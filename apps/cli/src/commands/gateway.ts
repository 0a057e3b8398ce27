import type { Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { openGateway } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { clientConfig, CLIENTS } from "../gateway/client-config.ts";
import { PORT_OPTION, portOf } from "../gateway/port.ts";
import { withPool } from "../pool.ts";
import { signalled } from "../signalled.ts";
import { usage } from "../usage.ts";
import { VERSION } from "../version.ts";

/** `oma gateway` */
export const gatewayCommand: Command = {
  arguments: [],
  options: {
    port: PORT_OPTION,
    "print-config": {
      value: CLIENTS.join("|"),
      about: "show what to write into a client's configuration, and end",
    },
  },
  examples: ["gateway", "gateway --port 4200", "gateway --print-config codex"],
  run: async (input, context) => {
    const wanted = input.values.get("print-config");
    const port = portOf("gateway", input, wanted === undefined ? 0 : 1);
    if (port.isErr()) return err(port.error);
    if (wanted === undefined) return withPool(context, (pool) => serve(pool, port.value, context));
    const client = CLIENTS.find((one) => one === wanted);
    if (client === undefined) return err(usage("gateway", `--print-config is one of ${CLIENTS.join(", ")}`));
    context.out.print(clientConfig(client, port.value, "<a key: oma key create>"));
    return ok<ExitCode>(0);
  },
};

/** Serves until a signal ends it. */
async function serve(pool: Pool, port: number, context: Context): Promise<Result<ExitCode, Failure>> {
  const opened = await openGateway(pool, {
    port,
    version: VERSION,
    onProblem: ({ message, cause }) => context.err.print(`${message}: ${String(cause)}`),
  });
  if (opened.isErr()) return err(opened.error);
  announce(pool, opened.value.url, context);
  await signalled();
  await opened.value.close();
  return ok<ExitCode>(0);
}

function announce(pool: Pool, url: string, { out, err: errors }: Context): void {
  const views = pool.views();
  const able = views.filter(({ eligibility }) => eligibility.eligible).length;
  const keys = (pool.state().gatewayKeys ?? []).map(({ name }) => name);
  out.print(`${out.colours.bold(url)} answers from ${able} of ${views.length} accounts; Ctrl+C ends it`);
  if (keys.length > 0) out.print(`keys: ${keys.join(", ")}`);
  else errors.print("no key opens it yet: `oma install codex`, or `oma key create <name>`, makes one");
  if (views.length === 0) errors.print("no account is linked yet: `oma add <alias>` links one");
}
