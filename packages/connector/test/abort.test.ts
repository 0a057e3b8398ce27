import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { connectUpstreamSim, type UpstreamSimClient } from "@open-multi-auth/upstream-sim";
import { describe, expect, it, onTestFinished } from "vitest";

const CONDITION = "--conditions=@open-multi-auth/source";
const BUN = fileURLToPath(new URL("bin/bun.exe", import.meta.resolve("bun/package.json")));
const RUNTIMES = [
  ["Node", process.execPath],
  ["Bun", BUN],
] as const;
const CASES = RUNTIMES.flatMap(
  ([name, runtime]) =>
    [
      { name, runtime, when: "head", how: "signal", gone: "REQUEST_ABORTED" },
      { name, runtime, when: "body", how: "signal", gone: "errored" },
      { name, runtime, when: "body", how: "cancel", gone: "closed" },
    ] as const,
);

describe("a client that goes away", () => {
  it.each(CASES)(
    "CON-11: $name closes the upstream request at once ($when, $how), and nothing is held against the account",
    async ({ runtime, when, how, gone }) => {
      const sim = await startSim();
      await sim.client.script("a", [
        when === "head" ? { kind: "hang" } : { kind: "gated-stream", gate: "never" },
      ]);
      const [account] = await sim.client.accounts();
      const logins = [{ alias: "a", accountId: account?.accountId, ...account?.tokens }];
      const task = JSON.stringify({
        backendUrl: sim.backendUrl,
        issuerUrl: sim.issuerUrl,
        logins,
        when,
        how,
      });
      const client = start(runtime, [fileURLToPath(import.meta.resolve("./abort-client.ts")), task]);
      if (when === "head") {
        await client.line();
        await sim.client.waitForLog({ alias: "a", outcome: "open" });
        client.stdin.write("abort\n");
      }
      await sim.client.waitForLog({ alias: "a", outcome: "aborted" }, 5_000);
      expect(JSON.parse(await client.line())).toEqual({ ended: gone, events: [], outcome: "aborted" });
    },
  );
});

interface Sim {
  readonly backendUrl: string;
  readonly issuerUrl: string;
  readonly client: UpstreamSimClient;
}

async function startSim(): Promise<Sim> {
  const main = fileURLToPath(import.meta.resolve("@open-multi-auth/upstream-sim/main"));
  const { line } = start(process.execPath, [main, "--accounts", "a", "--stdin"]);
  const urls: { backendUrl: string; issuerUrl: string; controlUrl: string } = JSON.parse(await line());
  return { ...urls, client: connectUpstreamSim(urls.controlUrl) };
}

function start(runtime: string, args: readonly string[]) {
  const child = spawn(runtime, [CONDITION, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const next = await lines.next();
    return next.done === true ? "" : next.value;
  };
  return { stdin: child.stdin, line };
}
