import { parseArgs } from "node:util";
import { startUpstreamSim, type StartOptions } from "./sim.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    /** Aliases, comma separated. */
    accounts: { type: "string", default: "" },
    /** `StartOptions` as JSON; wins over the two above. */
    options: { type: "string", default: "{}" },
    stdin: { type: "boolean", default: false },
  },
});

const aliases = values.accounts.split(",").filter((alias) => alias !== "");
const sim = await startUpstreamSim({
  port: Number(values.port),
  accounts: aliases.map((alias) => ({ alias })),
  ...(JSON.parse(values.options) as StartOptions),
});

const end = (): void => void sim.close().then(() => process.exit(0));
process.once("SIGTERM", end).once("SIGINT", end);
if (values.stdin) process.stdin.once("end", end).resume();

const { backendUrl, issuerUrl, controlUrl } = sim;
process.stdout.write(`${JSON.stringify({ backendUrl, issuerUrl, controlUrl, pid: process.pid })}\n`);
