import { findServers, portsOf, type LanguageServer } from "./command-line.ts";
import { parseUserStatus } from "./user-status.ts";
import type { AntigravityView } from "./view.ts";
import type { Ask, Run } from "./ports.ts";

/** Asks the language server of a running Antigravity for the quotas of the account in use. */
export async function readServer(
  run: Run,
  ask: Ask,
  uid: number | undefined,
): Promise<Pick<AntigravityView, "server" | "quotas">> {
  const servers = await serversOf(run, uid);
  for (const server of servers) {
    for (const port of await portsOfProcess(run, server)) {
      const quotas = parseUserStatus(await ask(port, "GetUserStatus", server.csrfToken));
      if (quotas !== undefined) return { server: "answers", quotas };
    }
  }
  return { server: servers.length === 0 ? "not-running" : "silent", quotas: null };
}

/** Only processes of this user: another one's could be anything. Windows has neither program. */
async function serversOf(run: Run, uid: number | undefined): Promise<readonly LanguageServer[]> {
  if (uid === undefined) return [];
  return findServers((await run("ps", ["-U", String(uid), "-ww", "-o", "pid=,args="])) ?? "");
}

/** What the process itself listens at: its token goes nowhere else. */
const portsOfProcess = async (run: Run, { pid }: LanguageServer): Promise<readonly number[]> =>
  portsOf((await run("lsof", ["-nP", "-a", "-p", String(pid), "-iTCP", "-sTCP:LISTEN", "-Fn"])) ?? "");
