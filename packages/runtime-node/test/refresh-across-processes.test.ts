import { openStore } from "@open-multi-auth/core-store/node";
import { accountId, epochMs, newAccount, parseAlias } from "@open-multi-auth/domain";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { ok } from "neverthrow";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock, systemRandom } from "../src/system.ts";

const script = fileURLToPath(new URL("refresh-child.ts", import.meta.url));
const bun = join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin", "bun.exe");

let folder: string;
let sim: UpstreamSim;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "refresh-"));
  sim = await startUpstreamSim({ accounts: [{ alias: "work" }] });
});
afterEach(async () => {
  await sim.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a refresh", () => {
  it("AUT-04: security 39: happens once for 4 processes of 4 callers each, in Node and Bun", async () => {
    await storeExpiredAccount();
    // Long enough for every process to ask while the first one's exchange is under way.
    sim.script("work", [{ kind: "ok", delayMs: 500 }], "token");
    const processes = [process.execPath, bun, process.execPath, bun].map((runtime) => startChild(runtime));
    await Promise.all(processes.map((child) => child.ready));
    const answers = await Promise.all(processes.map((child) => child.go()));

    const { accessToken, refreshToken } = sim.tokensOf("work");
    expect(answers.flat().map((answer) => answer.accessToken)).toStrictEqual(
      Array.from({ length: 16 }, () => accessToken),
    );
    const exchanges = sim.log().filter(({ endpoint }) => endpoint === "token");
    expect(exchanges.map(({ grant }) => grant?.result)).toStrictEqual(["granted"]);
    for (const file of ["store.json", "store.json.lkg"]) {
      expect(await readFile(join(folder, file), "utf8")).toContain(refreshToken);
    }
  });
});

async function storeExpiredAccount(): Promise<void> {
  const { accessToken, refreshToken } = sim.tokensOf("work");
  const credential = { accessToken, refreshToken, expiresAt: epochMs(0), source: "import" as const };
  const alias = parseAlias("work")._unsafeUnwrap();
  const account = newAccount(accountId("acc-1"), alias, credential, systemClock.now());
  const store = (await openStore({ folder, clock: systemClock, random: systemRandom }))._unsafeUnwrap();
  const stored = await store.update((state) => ok({ ...state, accounts: { [alias]: account } }));
  stored._unsafeUnwrap();
  (await store.close())._unsafeUnwrap();
}

interface Child {
  readonly ready: Promise<unknown>;
  /** Lets it begin; gives its 4 answers once it has ended. */
  go(): Promise<{ accessToken?: string }[]>;
}

function startChild(runtime: string): Child {
  const child = spawn(runtime, ["--conditions=@open-multi-auth/source", script, folder, sim.issuerUrl], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ready: lines.next(),
    async go() {
      const ended = once(child, "exit");
      child.stdin.write("go\n");
      const { value } = await lines.next();
      await ended;
      return JSON.parse(String(value));
    },
  };
}
