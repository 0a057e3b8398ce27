import type { Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { fixOf } from "../present/failures.ts";
import type { ServiceManager, ServiceName, ServiceState } from "./service.ts";
import { readUnit } from "./unit-file.ts";

/** A service as it is told of. */
interface Shown {
  readonly service: ServiceName;
  readonly path: string;
  readonly isInstalled: boolean;
  /** Null where it cannot be told. */
  readonly isRunning: boolean | null;
  readonly state: string | null;
  readonly pid: number | null;
}

/** Tells how services stand: what is in their files, and what their manager says of them. */
export async function showServices(
  names: readonly ServiceName[],
  { manager, asJson }: { readonly manager: ServiceManager; readonly asJson: boolean },
  { out, err: notes }: Context,
): Promise<Result<ExitCode, Failure>> {
  const shown: Shown[] = [];
  let unreachable: Failure | undefined;
  for (const name of names) {
    const path = manager.path(name);
    const unit = await readUnit(path);
    if (unit.isErr()) return err(unit.error);
    const isInstalled = unit.value !== null;
    const asked = await manager.state(name);
    if (asked.isErr()) unreachable = asked.error;
    const { state = null, isRunning = null, pid = null } = asked.unwrapOr<Partial<ServiceState>>({});
    shown.push({ service: name, path, isInstalled, isRunning, state, pid });
  }
  if (asJson) out.print(JSON.stringify({ services: shown, problem: unreachable?.message ?? null }));
  else for (const one of shown) out.print(lineOf(one));
  if (!asJson && unreachable !== undefined) {
    notes.print(`note: ${unreachable.message}`);
    notes.print(`note: ${fixOf(unreachable)}`);
  }
  const isWell = shown.every(({ isInstalled, isRunning }) => !isInstalled || isRunning === true);
  return ok<ExitCode>(isWell ? 0 : 1);
}

function lineOf({ service, path, isInstalled, isRunning, state, pid }: Shown): string {
  const where = isInstalled ? `installed (${path})` : "not installed";
  if (isRunning === null) return `${service}: ${where}; whether it runs cannot be told from here`;
  if (!isInstalled && state === null) return `${service}: ${where}`;
  const how =
    state === null ? "unknown to the service manager" : `${state}${pid === null ? "" : `, process ${pid}`}`;
  return `${service}: ${where}; ${how}`;
}
