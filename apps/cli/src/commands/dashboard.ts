import type { Failure } from "@open-multi-auth/domain";
import { staticFiles } from "@open-multi-auth/loopback-api/node";
import { systemClock, type Pool } from "@open-multi-auth/runtime-node";
import {
  createProblemLog,
  startApiServer,
  type ApiServer,
  type OtherServer,
  type ProblemLog,
} from "@open-multi-auth/runtime-node/api";
import { codexProbes } from "@open-multi-auth/runtime-node/codex-probes";
import { openGateway } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import { fileURLToPath } from "node:url";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { doctorPort } from "../dashboard/doctor-port.ts";
import { withPool } from "../pool.ts";
import { usage } from "../usage.ts";
import { VERSION } from "../version.ts";

const DEFAULT_PORT = 3434;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** `oma dashboard` */
export const dashboardCommand: Command = {
  arguments: [],
  options: {
    host: { value: "address", about: "127.0.0.1 (the default), localhost or ::1; any other is refused" },
    port: { value: "number", about: `the port to try first (default: ${DEFAULT_PORT}); 0 takes any` },
    gateway: { about: "be the gateway for other clients too, as `oma gateway` is" },
    "no-open": { about: "only print the address" },
    json: { about: "print the address as JSON" },
  },
  examples: ["dashboard", "dashboard --port 8080", "dashboard --no-open"],
  run: async (input, context) => {
    const port = portOf(input.values.get("port"));
    if (port.isErr()) return err(port.error);
    const problems = createProblemLog(systemClock);
    const serve = (pool: Pool): Promise<Result<ExitCode, Failure>> =>
      dashboard(pool, { input, port: port.value, problems }, context);
    return withPool(context, serve, { onProblem: problems.note });
  },
};

function portOf(text: string | undefined): Result<number, Failure> {
  if (text === undefined) return ok(DEFAULT_PORT);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return ok(port);
  return err(usage("dashboard", "--port must be a whole number from 0 to 65535"));
}

interface Wish {
  readonly input: Input;
  readonly port: number;
  readonly problems: ProblemLog;
}

async function dashboard(
  pool: Pool,
  { input, port, problems }: Wish,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const started = await startApiServer(pool, {
    host: input.values.get("host") ?? "127.0.0.1",
    port,
    version: VERSION,
    problems,
    doctor: doctorPort(context),
    // The build puts the page beside this program.
    file: staticFiles(fileURLToPath(new URL("dashboard", import.meta.url))),
    fallbacks: codexProbes(pool, context.env),
  });
  if (started.isErr()) return err(started.error);
  const server = started.value;
  const address = await launchUrlOf(server);
  if (address.isErr()) return err(address.error);
  await show(server, address.value, input, context);
  if (server.kind === "started") return untilSignalled(server, pool, { input, problems }, context);
  if (input.flags.has("gateway")) context.err.print(`the gateway was not started: ${NOT_OURS}`);
  return ok(0);
}

const NOT_OURS = "the dashboard runs in another process already; `oma gateway` starts it by itself";

/** Serves until a signal ends it, with the gateway beside it where that was asked for. */
async function untilSignalled(
  server: ApiServer,
  pool: Pool,
  { input, problems }: Pick<Wish, "input" | "problems">,
  { err: errors }: Context,
): Promise<Result<ExitCode, Failure>> {
  const wanted = input.flags.has("gateway");
  const gateway = wanted
    ? await openGateway(pool, { version: VERSION, isBesideServer: true, onProblem: problems.note })
    : undefined;
  if (gateway?.isOk() === true) errors.print(`the gateway answers on ${gateway.value.url}`);
  if (gateway?.isErr() !== true) await signalled();
  await gateway?.unwrapOr(undefined)?.close();
  await server.close();
  return gateway?.isErr() === true ? err(gateway.error) : ok(0);
}

async function launchUrlOf(server: ApiServer | OtherServer): Promise<Result<string, Failure>> {
  return server.kind === "started" ? ok(server.launchUrl()) : server.launchUrl();
}

async function show(
  server: ApiServer | OtherServer,
  launchUrl: string,
  { flags }: Input,
  { out, err: notes, openBrowser }: Context,
): Promise<void> {
  const isRunning = server.kind === "found";
  const passedOver = isRunning ? [] : server.passedOver;
  if (flags.has("json")) {
    const pid = isRunning ? server.pid : process.pid;
    out.print(JSON.stringify({ url: server.url, launchUrl, pid, isRunning, passedOver }));
  } else {
    out.print(`${isRunning ? "the dashboard runs already, at" : "the dashboard is at"} ${launchUrl}`);
    notes.print("note: this address begins a session once, within a minute; `oma dashboard` gives another");
  }
  if (passedOver.length > 0)
    notes.print(`note: held by another program: port ${passedOver.join(", ")}; this one is the next free`);
  if (flags.has("no-open") || flags.has("json")) return;
  if (!(await openBrowser(launchUrl))) notes.print("note: there is no browser to open here");
  if (!isRunning) notes.print("Ctrl+C ends it.");
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of SIGNALS) process.off(signal, end);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, end);
  });
}
