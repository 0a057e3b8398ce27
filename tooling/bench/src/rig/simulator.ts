import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { connectUpstreamSim, type AccountView, type Step } from "@open-multi-auth/upstream-sim";

/** The simulated upstream in a process of its own, so that its work is not the client's. */
export interface Simulator {
  readonly backendUrl: string;
  readonly issuerUrl: string;
  /** For `connectUpstreamSim`. */
  readonly controlUrl: string;
  readonly accounts: readonly AccountView[];
  /** Has every account answer like this from now on. */
  answer(how: Step<"responses">): Promise<void>;
  close(): Promise<void>;
}

const ACCOUNTS = 10;

/** Starts it with ten accounts whose quotas never end. It ends with this process, however that happens. */
export async function startSimulator(): Promise<Simulator> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, number) => ({
    alias: `account-${number}`,
    percentPerRequest: { fiveHour: 0, weekly: 0 },
  }));
  const main = fileURLToPath(import.meta.resolve("@open-multi-auth/upstream-sim/main"));
  const options = JSON.stringify({ accounts, logMode: "light" });
  const args = ["--conditions=@open-multi-auth/source", main, "--stdin", "--options", options];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { backendUrl, issuerUrl, controlUrl } = JSON.parse(line) as Record<string, string> & {
    backendUrl: string;
    issuerUrl: string;
    controlUrl: string;
  };
  const control = connectUpstreamSim(controlUrl);
  return {
    backendUrl,
    issuerUrl,
    controlUrl,
    accounts: await control.accounts(),
    answer: async (how) => {
      for (const { alias } of accounts) await control.script(alias, [{ ...how, times: "always" }]);
    },
    close: async () => {
      const closed = once(child, "close");
      child.stdin.end();
      await closed;
    },
  };
}
