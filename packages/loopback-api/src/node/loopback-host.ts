import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** Anyone on the network could reach the accounts there; the person uses a loopback address, or a tunnel to it. */
export type HostRefused = Failure<"HOST_NOT_LOOPBACK", { host: string; fix: string }>;

/** An address of this machine that no other machine can reach. */
export interface LoopbackHost {
  /** What is listened at. */
  readonly address: string;
  /** How it is written in an address, without the port. */
  readonly name: string;
}

/**
 * Checks where a server is to listen.
 *
 * @returns the address, or `HOST_NOT_LOOPBACK` with the reason
 */
export function loopbackHost(host: string): Result<LoopbackHost, HostRefused> {
  const text = host.trim().toLowerCase();
  if (text === "localhost" || text === "127.0.0.1") return ok({ address: "127.0.0.1", name: "127.0.0.1" });
  if (text === "::1" || text === "[::1]") return ok({ address: "::1", name: "[::1]" });
  const message = `${host} is not an address of this machine alone: others could reach the logins of your accounts there`;
  const fix = "leave --host out; from another machine, forward the port with `ssh -L`";
  return err(failure("HOST_NOT_LOOPBACK", message, { host, fix }));
}
