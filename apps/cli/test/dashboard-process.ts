import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { createApiClient, type ApiCall } from "@open-multi-auth/loopback-api/client";
import type { Sandbox } from "./sandbox.ts";

/** Where a sandbox's server says what. */
export const FOLDER = ".local/share/open-multi-auth";

/** `oma dashboard` of a sandbox, as a process of its own. */
export interface Dashboard extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
  readonly launchUrl: string;
  readonly isRunning: boolean;
  readonly passedOver: readonly number[];
  readonly token: string;
  readonly call: ApiCall;
  /** What it has printed on the error stream. */
  readonly stderr: () => string;
  /** Ends it by a signal, and waits. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it and waits until it says where it is. */
export async function startDashboard(
  box: Sandbox,
  program: string,
  { args = ["--port", "0"], umask = "022" }: { args?: readonly string[]; umask?: string } = {},
): Promise<Dashboard> {
  const command = [process.execPath, program, "dashboard", "--json", ...args];
  const child = spawn("/bin/sh", ["-c", `umask ${umask}; exec "$@"`, "sh", ...command], {
    env: box.env,
    cwd: box.home,
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    exited.then(() => Promise.reject(new Error(`it ended: ${stderr}`))),
  ]);
  const said: Pick<Dashboard, "url" | "launchUrl" | "isRunning" | "passedOver"> = JSON.parse(String(line));
  const token = (await box.read(join(FOLDER, "server.token"))).trim();
  const end: Dashboard["end"] = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    ...said,
    child,
    token,
    port: Number(new URL(said.url).port),
    call: createApiClient({ baseUrl: said.url.slice(0, -1), token }),
    stderr: () => stderr,
    end,
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}
