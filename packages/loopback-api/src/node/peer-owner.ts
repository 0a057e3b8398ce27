import { readFile } from "node:fs/promises";

/** The two ends of a connection, as a server's socket has them. */
export interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
}

/**
 * Whether the other end of a loopback connection belongs to another user of this machine: they can read what programs
 * are started with, an address among it. Root is nobody's other. Only Linux tells; elsewhere the answer is no.
 */
export async function isOtherUser(
  ends: Ends,
  uid: number | undefined = process.getuid?.(),
): Promise<boolean> {
  if (uid === undefined || process.platform !== "linux") return false;
  const table = ends.remoteAddress?.includes(".") === true ? "tcp" : "tcp6";
  const text = await readFile(`/proc/net/${table}`, "utf8").catch(() => "");
  const owner = ownerIn(text, ends);
  return owner !== undefined && owner !== uid && owner !== 0;
}

/** The user of the socket that is the other end, by the kernel's table of connections. */
export function ownerIn(table: string, { remotePort, localPort }: Ends): number | undefined {
  const [from, to] = [remotePort, localPort].map((port) => port?.toString(16).toUpperCase().padStart(4, "0"));
  for (const line of table.split("\n")) {
    const [, local = "", remote = "", state, , , , owner] = line.trim().split(/\s+/);
    // Established: what is closed belongs to nobody any more.
    if (state === "01" && local.endsWith(`:${from}`) && remote.endsWith(`:${to}`)) return Number(owner);
  }
  return undefined;
}
