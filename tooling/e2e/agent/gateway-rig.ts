import { once } from "node:events";
import { createInterface } from "node:readline";
import type { AccountOptions } from "@open-multi-auth/upstream-sim";
import { createCodexHome, freePort, type CodexHome } from "../src/index.ts";
import { startProcessGroup } from "../src/process-group.ts";
import { CLI_FILE, createRig, type CliRun, type Rig, type RigOptions } from "./rig.ts";

/** A person's machine where `oma gateway` runs and nothing of ours is loaded into any client. */
export interface GatewayRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly port: number;
  /** A Codex CLI of its own configuration, which knows another provider. */
  readonly codex: CodexHome;
  /** Runs the built CLI, pointed at that Codex CLI. */
  oma(...args: readonly string[]): Promise<CliRun>;
}

/** Links the accounts and starts the gateway in a process of its own. */
export async function createGatewayRig(
  accounts: readonly AccountOptions[],
  options: RigOptions = {},
): Promise<GatewayRig> {
  // The Codex CLI's own provider leads nowhere: only the gateway answers.
  const nowhere = "http://127.0.0.1:9/backend-api";
  const codex = await createCodexHome({ backendUrl: nowhere, issuerUrl: "http://127.0.0.1:9" });
  const rig = await createRig({
    ...options,
    accounts,
    config: { plugin: [], ...options.config },
    env: { CODEX_HOME: codex.codexHome, ...options.env },
  });
  const port = await freePort();
  const gateway = startProcessGroup(process.execPath, [CLI_FILE, "gateway", "--port", String(port)], {
    cwd: rig.home.folders.work,
    env: rig.home.env,
  });
  const { stdout } = gateway.child;
  if (stdout === null) throw new Error("the gateway's output is not read");
  const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
  if (!line.includes(`http://127.0.0.1:${port} answers`)) throw new Error(`the gateway said: ${line}`);
  return {
    rig,
    port,
    codex,
    oma: (...args) => rig.oma(...args),
    async [Symbol.asyncDispose]() {
      await gateway.stop("SIGTERM");
      await rig[Symbol.asyncDispose]();
      await codex.dispose();
    },
  };
}
