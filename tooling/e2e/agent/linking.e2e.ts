import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodexHome, findOpenCode, freePort, promptCodex, runOpenCode } from "../src/index.ts";
import { startUpstreamSim } from "@open-multi-auth/upstream-sim";
import { CLI_FILE, createRig, type Rig } from "./rig.ts";

const LOGIN = {
  type: "oauth",
  refresh: "rt-own",
  access: "at-own",
  expires: 32_503_680_000_000,
  accountId: "own",
};

describe("linking from inside OpenCode", () => {
  it("AUT-13: opencode auth login and oma add lead to one store, and OpenCode then answers from it", async () => {
    await using rig = await createRig({
      env: { OPENCODE_MULTI_AUTH_REDIRECT_PORTS: String(await freePort()) },
    });
    for (const alias of ["work", "home"]) rig.sim.addAccount({ alias });

    const login = openCodeLogin(rig, "ChatGPT account for the pool (browser)");
    const url = await login.shows(/https?:\/\/\S+\/oauth\/authorize\?\S+/);
    const page = await fetch(await callbackOf(url, "work"));
    expect([page.status, new URL(page.url).search]).toEqual([200, ""]);
    expect(await login.ended).toMatchObject({ code: 0 });

    const adding = omaAdd({ env: rig.home.env, cwd: rig.home.folders.work }, "second");
    await fetch(await callbackOf(await adding.shows(/https?:\/\/\S+\/oauth\/authorize\?\S+/), "home"));
    expect(await adding.ended).toMatchObject({ code: 0 });
    expect(await accounts(rig)).toMatchObject({
      work: { refreshToken: rig.sim.tokensOf("work").refreshToken, source: "browser" },
      second: { refreshToken: rig.sim.tokensOf("home").refreshToken, source: "browser" },
    });
    // The account's own tokens are the pool's alone.
    expect(JSON.parse(await readFile(rig.home.authFile, "utf8"))).toEqual({
      openai: {
        type: "oauth",
        access: "open-multi-auth",
        refresh: "open-multi-auth",
        expires: LOGIN.expires,
      },
    });
    expect((await runOpenCode(rig.home, "say hello")).stdout).toMatch(/(?:work|home) answered: say hello/);
  });

  it("AUT-13: a login with a code keeps the login that OpenCode has of its own", async () => {
    await using rig = await createRig({ auth: { openai: LOGIN, other: { type: "api", key: "k" } } });
    rig.sim.addAccount({ alias: "work" });
    const login = openCodeLogin(rig, "ChatGPT account for the pool (code, for a machine without a browser)");
    const code = await login.shows(/\b[0-9A-Z]{4}-[0-9A-Z]{5}\b/);
    await fetch(`${rig.sim.issuerUrl}/codex/device?user_code=${code}&sim_account=work`);
    expect(await login.ended).toMatchObject({ code: 0 });
    expect(await accounts(rig)).toMatchObject({ work: { source: "device" } });
    expect(JSON.parse(await readFile(rig.home.authFile, "utf8"))).toEqual({
      openai: LOGIN,
      other: { type: "api", key: "k" },
    });
  });
});

describe("oma switch and the real Codex CLI", () => {
  it("AUT-07: signs it in with each account in turn, and loses nothing that it has renewed by itself", async () => {
    const sim = await startUpstreamSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const codex = await createCodexHome(sim);
    onTestFinished(async () => {
      await sim.close();
      await codex.dispose();
    });
    const env = {
      HOME: codex.home,
      PATH: "/usr/bin:/bin",
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
      OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
      OPENCODE_MULTI_AUTH_REDIRECT_PORTS: String(await freePort()),
    };
    const place = { env, cwd: codex.work };
    for (const alias of ["work", "home"]) {
      const adding = omaAdd(place, alias);
      await fetch(await callbackOf(await adding.shows(/https?:\/\/\S+\/oauth\/authorize\?\S+/), alias));
      await adding.ended;
    }
    const turn = async (alias: string): Promise<void> => {
      const switched = await running(place, process.execPath, [CLI_FILE, "switch", alias]).ended;
      expect(switched).toMatchObject({ code: 0, text: expect.stringContaining(`signed in as ${alias}`) });
      const { stdout } = await promptCodex(codex, "say hello");
      expect(stdout).toContain(`${alias} answered: say hello`);
    };
    await turn("work");
    // The Codex CLI finds its token refused, and renews it.
    sim.expireAccessToken("work");
    expect((await promptCodex(codex, "renewed")).stdout).toContain("work answered: renewed");
    await turn("home");
    await turn("work");
    expect(sim.log().flatMap(({ grant }) => grant?.result ?? [])).toEqual(["granted"]);
  });
});

interface Running {
  readonly ended: Promise<{ code: number | null; text: string }>;
  /** What is printed, once it is there. */
  shows(pattern: RegExp): Promise<string>;
}

const openCodeLogin = ({ home }: Rig, method: string): Running =>
  running({ env: home.env, cwd: home.folders.work }, findOpenCode()._unsafeUnwrap(), [
    "auth",
    "login",
    "-p",
    "openai",
    "-m",
    method,
  ]);

const omaAdd = (place: Place, alias: string): Running =>
  running(place, process.execPath, [CLI_FILE, "add", alias]);

/** Where a program runs. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

function running({ env, cwd }: Place, program: string, args: readonly string[]): Running {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += String(chunk);
      for (const check of waiting) check();
    });
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, text }));
  });
  return {
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        waiting.add(() => {
          const [found] = pattern.exec(text) ?? [];
          // Until the line has ended, more of it may come.
          if (found !== undefined && text.includes("\n", text.indexOf(found))) resolve(found);
        });
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}: ${text}`)));
      }),
  };
}

/** Where the upstream sends the browser to once the person has chosen an account. */
async function callbackOf(url: string, account: string): Promise<string> {
  const answer = await fetch(`${url}&sim_account=${account}`, { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

async function accounts({ folder }: Rig): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, "store.json"), "utf8")).accounts;
}
