import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { homedir } from "node:os";
import { join } from "node:path";
import { launchd } from "./launchd.ts";
import type { RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service.ts";
import { systemd } from "./systemd.ts";

/** What the choice of a service manager depends on. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
}

/** The manager of this system's services, or `SERVICE_UNSUPPORTED`. */
export function managerOf({ platform, uid, env, run }: System): Result<ServiceManager, Failure> {
  const home = env["HOME"] || homedir();
  if (platform === "linux") return ok(systemd(env["XDG_CONFIG_HOME"] || join(home, ".config"), run));
  if (platform === "darwin") return ok(launchd(home, uid, run));
  return err(
    failure("SERVICE_UNSUPPORTED", `services are kept by systemd or launchd, which ${platform} has not`, {
      fix: "have the system's own scheduler start `oma gateway` at login",
    }),
  );
}
