import type { Failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import type { ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile } from "../files/change-file.ts";
import { DONE } from "./done.ts";
import type { ServiceManager, ServiceName } from "./service.ts";
import { readUnit } from "./unit-file.ts";

/** Ends services and takes their files away. Where they cannot be ended from here, nothing is taken away. */
export async function uninstallServices(
  names: readonly ServiceName[],
  manager: ServiceManager,
  { out }: Context,
): Promise<Result<ExitCode, Failure>> {
  let found = 0;
  for (const name of names) {
    const path = manager.path(name);
    const before = await readUnit(path);
    if (before.isErr()) return err(before.error);
    if (before.value === null) continue;
    found += 1;
    const stopped = await manager.stop(name);
    if (stopped.isErr()) return err(stopped.error);
    const removed = await changeFile({ path, before: before.value, after: null });
    if (removed.isErr()) return err(removed.error);
    out.print(`ended the ${name} and removed ${path}`);
  }
  if (found === 0) out.print("no service is installed");
  else await manager.forget();
  return DONE;
}
