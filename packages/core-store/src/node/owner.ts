import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { errnoOf } from "./fault.ts";

/** A process, told apart from a later one that got the same pid. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the kernel's ticks since boot; empty where the system does not tell. */
  readonly start: string;
  /** The boot and pid namespace in which the pid means anything; the host's name elsewhere. */
  readonly host: string;
}

let self: Owner | undefined;

/** This process. */
export const thisProcess = (): Owner =>
  (self ??= { pid: process.pid, start: ownStart() ?? "", host: hostIdentity() });

/** `foreign`: its pid means nothing here, so only its age can tell. */
export type Liveness = "alive" | "dead" | "foreign";

/** Whether a process still runs. */
export async function liveness(owner: Owner): Promise<Liveness> {
  const here = thisProcess();
  if (owner.host !== here.host) return "foreign";
  if (here.start === "" || owner.start === "") return signals(owner.pid) ? "alive" : "dead";
  try {
    return startOf(await readFile(`/proc/${owner.pid}/stat`, "utf8")) === owner.start ? "alive" : "dead";
  } catch (thrown) {
    // Processes of our user are never hidden from us: what is not to be seen has ended, or is another user's by now.
    if (["ENOENT", "ESRCH"].includes(errnoOf(thrown) ?? "")) return "dead";
    return signals(owner.pid) ? "alive" : "dead";
  }
}

/**
 * The start time in `/proc/<pid>/stat` (proc(5), field 22), or `undefined` for a process that has ended and only
 * waits for its parent (state Z). Fields are counted from the last parenthesis: the name may hold anything.
 */
function startOf(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" ? undefined : fields[18];
}

function ownStart(): string | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // A /proc of another pid namespace would speak of other processes.
    return stat.startsWith(`${process.pid} `) ? startOf(stat) : undefined;
  } catch {
    return undefined;
  }
}

function hostIdentity(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function signals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) === "EPERM";
  }
}
