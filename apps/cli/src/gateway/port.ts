import type { Failure } from "@open-multi-auth/domain";
import { GATEWAY_PORT } from "@open-multi-auth/runtime-node/gateway";
import { err, ok, type Result } from "neverthrow";
import type { Input, Option } from "../command.ts";
import { usage } from "../usage.ts";

/** The option with which every command that has to do with the gateway takes its port. */
export const PORT_OPTION: Option = {
  value: "number",
  about: `where the gateway listens (default ${GATEWAY_PORT})`,
};

/**
 * The gateway's port of a command line.
 *
 * @param least 0 where the system may choose one; what is told to a client must be one
 */
export function portOf(command: string, { values }: Input, least: 0 | 1): Result<number, Failure> {
  const given = values.get("port");
  if (given === undefined) return ok(GATEWAY_PORT);
  const port = /^\d{1,5}$/.test(given) ? Number(given) : NaN;
  return port >= least && port <= 65_535
    ? ok(port)
    : err(usage(command, `--port must be a number from ${least} to 65535`));
}
