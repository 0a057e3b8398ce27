import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { buildProgram, createSandbox, type Ended, type Sandbox } from "./sandbox.ts";

let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;
let sim: UpstreamSim;
let ports: number[];

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
  sim = await startUpstreamSim({
    deviceIntervalSeconds: 1,
    accounts: [
      { alias: "work", userId: "ann", email: "ann@example.test", accountId: "w-work", planType: "team" },
      { alias: "own", userId: "ann", email: "ann@example.test", accountId: "w-own" },
      { alias: "other", userId: "bob", email: "bob@example.test" },
    ],
  });
  ports = [await freePort(), await freePort()];
  Object.assign(box.env, {
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    OPENCODE_MULTI_AUTH_REDIRECT_PORTS: ports.join(","),
  });
});
afterEach(async () => {
  await sim.close();
  await box.remove();
});

describe("oma add", () => {
  it("AUT-01: opens the browser, waits, and says what was linked and what else could be", async () => {
    await installBrowser("work");
    const added = await start("add", "studio").ended;
    expect(added).toMatchObject({ code: 0, stdout: "studio (ann@example.test, team) is linked\n" });
    expect(added.stderr).toContain("Sign in with the account for studio:");
    expect(added.stderr).toContain("Opened in your browser.");
    expect(added.stderr).toContain(
      'note: this login has another workspace, "own": `oma add <alias> --workspace w-own` links it too',
    );
    expect(added.stderr).not.toContain("\u001B");
    expect(await box.accounts()).toMatchObject({
      studio: { email: "ann@example.test", accountId: "w-work", source: "browser" },
    });
    // The browser ends in its own time.
    await vi.waitFor(
      async () => expect(await readFile(box.path("browser.log"), "utf8")).toContain("Signed in"),
      {
        timeout: 20_000,
      },
    );
  });

  it("AUT-01: over ssh it opens nothing, and takes the address that the browser elsewhere ended at", async () => {
    await installBrowser("work");
    Object.assign(box.env, { SSH_CONNECTION: "198.51.100.7 50000 198.51.100.8 22" });
    const adding = start("add", "studio");
    const callback = await callbackOf(await adding.url(), "work");
    adding.type("not an address\n");
    await adding.says("error CALLBACK_INVALID");
    adding.type(`${callback}\n`);
    expect(await adding.ended).toMatchObject({
      code: 0,
      stdout: "studio (ann@example.test, team) is linked\n",
    });
    expect(box.has("browser.log")).toBe(false);
  });

  it("AUT-01: names the port it fell back to, and says when none is free", async () => {
    const first = start("add", "a");
    await first.url();
    const second = start("add", "b");
    expect(await second.url()).toContain(encodeURIComponent(`http://localhost:${ports[1]}/auth/callback`));
    expect(second.stderr()).toContain(`Waiting on port ${ports[1]} (${ports[0]} is held by another program)`);
    const third = await start("add", "c").ended;
    expect(third).toMatchObject({ code: 1, stdout: "" });
    expect(third.stderr).toBe(
      `error REDIRECT_PORTS_TAKEN: no port to come back to after the sign-in is free: ${ports.join(", ")}\n` +
        "fix: end the program that holds one of them, or add --device\n",
    );
    for (const adding of [first, second]) adding.child.kill("SIGINT");
    await Promise.all([first.ended, second.ended]);
    expect(await box.accounts().catch(() => ({}))).toEqual({});
  });

  it("AUT-02: --device links with a code, and prints no QR code into a pipe", async () => {
    const adding = start("add", "studio", "--device");
    await adding.says("Waiting for 15 minutes");
    const [code] = /\b[0-9A-Z]{4}-[0-9A-Z]{5}\b/.exec(adding.stderr()) ?? [""];
    expect(adding.stderr()).toContain(`${sim.issuerUrl}/codex/device`);
    expect(adding.stderr()).not.toMatch(/[█▀▄]/);
    await fetch(`${sim.issuerUrl}/codex/device?user_code=${code}&sim_account=work`);
    expect(await adding.ended).toMatchObject({
      code: 0,
      stdout: "studio (ann@example.test, team) is linked\n",
    });
    expect(await box.accounts()).toMatchObject({ studio: { source: "device" } });
  });

  it("--json prints one object per line, and nothing else on the standard output", async () => {
    const adding = start("add", "studio", "--json");
    await adding.prints("\n");
    const begun = JSON.parse(adding.stdout());
    expect(begun).toEqual({
      linkId: expect.any(String),
      kind: "browser",
      url: expect.stringContaining(sim.issuerUrl),
      port: ports[0],
      passedOver: [],
      expiresAt: expect.stringMatching(/Z$/),
    });
    await fetch(await callbackOf(begun.url, "work"));
    const { code, stdout, stderr } = await adding.ended;
    expect([code, stderr]).toEqual([0, ""]);
    const [, done, ...more] = stdout.trim().split("\n");
    expect(more).toEqual([]);
    expect(JSON.parse(String(done))).toMatchObject({
      linkId: begun.linkId,
      alias: "studio",
      outcome: "added",
      workspaces: [{ id: "w-own", name: "own" }],
    });
  });

  it("AUT-09: AUT-12: tells the same login from the same person in another workspace", async () => {
    await link("work");
    const same = start("add", "again");
    await fetch(await callbackOf(await same.url(), "work"));
    const refused = await same.ended;
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/error ACCOUNT_ALREADY_LINKED: .*"work"\nfix: .*private window/);
    const elsewhere = start("add", "own", "--workspace", "w-own");
    await fetch(await callbackOf(await elsewhere.url(), "own"));
    expect(await elsewhere.ended).toMatchObject({ code: 0 });
    expect(Object.keys(await box.accounts())).toEqual(["work", "own"]);
    const taken = await start("add", "own").ended;
    expect(taken.stderr).toMatch(/error ALIAS_TAKEN: .*\nfix: .*oma reauth/);
  });

  it.each([
    [["add"], "<alias> is missing"],
    [["add", "no spaces"], "ALIAS_INVALID"],
    [["add", "a", "--workspace"], "--workspace"],
    [["add", "a", "--device", "--workspace", "w"], "needs the browser"],
    [["reauth"], "<alias> is missing"],
    [["switch"], "<alias> is missing"],
    [["rename", "a"], "<new-alias> is missing"],
    [["rename", "a", "b c"], "ALIAS_INVALID"],
    [["tag", "a", "x", "--clear"], "either tags or --clear"],
  ])("is wrong usage, and links nothing: %j", async (args, text) => {
    const wrong = await box.oma(...args);
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toContain(text);
    expect(sim.log()).toEqual([]);
  });

  it.each(["0", "70000", "1455;1457", "http", ",", "1455,"])("refuses the ports %s", async (value) => {
    box.env["OPENCODE_MULTI_AUTH_REDIRECT_PORTS"] = value;
    const wrong = await box.oma("add", "a");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("OPENCODE_MULTI_AUTH_REDIRECT_PORTS must be ports from 1 to 65535");
  });
});

describe("oma reauth", () => {
  it("AUT-06: signs that alias in again, and refuses another account unless it is allowed", async () => {
    await link("work");
    await link("other");
    const before = await box.accounts();
    const wrong = start("reauth", "work");
    await fetch(await callbackOf(await wrong.url(), "own"));
    const mismatch = await wrong.ended;
    expect(mismatch).toMatchObject({ code: 1, stdout: "" });
    expect(mismatch.stderr).toMatch(
      /error IDENTITY_MISMATCH: .*another workspace.*\nfix: .*--allow-other-account/,
    );
    expect(await box.accounts()).toEqual(before);
    const right = start("reauth", "work");
    await fetch(await callbackOf(await right.url(), "work"));
    expect(await right.ended).toMatchObject({
      code: 0,
      stdout: "work (ann@example.test, team) is signed in again\n",
    });
    const after = await box.accounts();
    expect(after["work"]?.["refreshToken"]).toBe(sim.tokensOf("work").refreshToken);
    expect(after["other"]).toEqual(before["other"]);
    const allowed = start("reauth", "work", "--allow-other-account");
    await fetch(await callbackOf(await allowed.url(), "own"));
    expect(await allowed.ended).toMatchObject({ code: 0 });
  });

  it("ACC-06: knows no such alias, and none that is disabled", async () => {
    expect((await box.oma("reauth", "nobody")).stderr).toContain("error ACCOUNT_NOT_FOUND");
    await link("work");
    await box.oma("disable", "work", "--allow-none");
    const disabled = await box.oma("reauth", "work");
    expect(disabled.code).toBe(1);
    expect(disabled.stderr).toMatch(/error ACCOUNT_DISABLED: .*\nfix: .*oma enable/);
  });
});

describe("oma switch, rename, tag, note", () => {
  it("AUT-07: signs the Codex CLI in, and marks the account as active", async () => {
    await link("work");
    await link("own");
    const switched = await box.oma("switch", "work");
    expect(switched).toMatchObject({
      code: 0,
      stdout: `the Codex CLI is signed in as work (${box.path(".codex/auth.json")})\n`,
    });
    expect(JSON.parse(await box.read(".codex/auth.json")).tokens.refresh_token).toBe(
      sim.tokensOf("work").refreshToken,
    );
    expect(await box.oma("rename", "work", "studio")).toMatchObject({ code: 0 });
    expect((await box.oma("list")).stdout).toMatch(/^studio \(active\)/m);
    const { tokens } = JSON.parse(await box.read(".codex/auth.json"));
    await box.write(".codex/auth.json", { tokens: { ...tokens, ...codexTokens("other") } });
    const refused = await box.oma("switch", "own");
    expect(refused.stderr).toMatch(
      /error CODEX_LOGIN_UNLINKED: .*bob@example.test.*\nfix: .*oma import --from codex/,
    );
    expect(await box.oma("switch", "own", "--replace")).toMatchObject({ code: 0 });
  });

  it("ACC-13: ACC-14: renames, tags and annotates one account, and no other", async () => {
    await link("work");
    await link("own");
    const { own } = await box.accounts();
    for (const args of [
      ["rename", "work", "studio"],
      ["tag", "studio", "eu, paid"],
      ["note", "studio", "until May"],
    ])
      expect(await box.oma(...args)).toMatchObject({ code: 0 });
    expect(await box.accounts()).toMatchObject({ studio: { tags: ["eu", "paid"], notes: "until May" }, own });
    expect((await box.oma("tag", "studio")).stdout).toBe("eu, paid\n");
    expect((await box.oma("note", "studio")).stdout).toBe("until May\n");
    await box.oma("tag", "studio", "--clear");
    await box.oma("note", "studio", "--clear");
    expect((await box.accounts())["studio"]).toMatchObject({ tags: [] });
    expect((await box.accounts())["studio"]).not.toHaveProperty("notes");
    expect((await box.oma("rename", "studio", "own")).stderr).toContain("error ALIAS_TAKEN");
    expect((await box.oma("tag", "studio", "a b")).stderr).toContain("error DETAILS_INVALID: tags");
    expect((await box.oma("note", "nobody")).stderr).toContain("error ACCOUNT_NOT_FOUND");
  });
});

describe("every byte that linking writes", () => {
  it("AUT-08: holds no token, code or verifier outside the store and the Codex CLI's own file", async () => {
    const secrets = new Set<string>();
    const texts: string[] = [];
    const reports = { NODE_OPTIONS: `--report-on-signal --report-directory=${box.home}` };
    const run = async (args: string[], account: string): Promise<void> => {
      const running = start(...args);
      const url = await running.url();
      // A crash report, made in the middle.
      running.child.kill("SIGUSR2");
      texts.push(await readFile(`/proc/${running.child.pid}/cmdline`, "utf8"));
      const callback = new URL(await callbackOf(url, account));
      secrets.add(callback.searchParams.get("code") ?? "");
      texts.push(await (await fetch(callback)).text());
      const { stdout, stderr } = await running.ended;
      texts.push(stdout, stderr);
    };
    box.env["NODE_OPTIONS"] = reports.NODE_OPTIONS;
    await run(["add", "work"], "work");
    sim.script("own", [{ kind: "status", status: 500, body: { echo: sim.tokensOf("own") } }], "token");
    await run(["add", "own"], "own");
    await run(["reauth", "work"], "other");
    await run(["reauth", "work", "--json"], "work");
    await run(["add", "again"], "work");
    delete box.env["NODE_OPTIONS"];
    for (const args of [["switch", "work"], ["switch", "work", "--json"], ["status", "--json"], ["doctor"]]) {
      const { stdout, stderr } = await box.oma(...args);
      texts.push(stdout, stderr);
    }

    for (const { body } of sim.log().filter(({ endpoint }) => endpoint === "token"))
      secrets.add(String((body as Record<string, unknown>)["code_verifier"]));
    for (const { tokens } of sim.accounts())
      for (const token of [tokens.accessToken, tokens.refreshToken, tokens.idToken])
        secrets.add(token.slice(-40));
    for (const account of Object.values(await box.accounts()))
      for (const name of ["accessToken", "refreshToken", "idToken"])
        secrets.add(String(account[name]).slice(-40));
    secrets.delete("");
    expect(secrets.size).toBeGreaterThan(15);

    const files = await filesUnder(box.home);
    expect(files.filter((file) => file.startsWith("report.")).length).toBeGreaterThanOrEqual(4);
    const contents = new Map([["printed", texts.join("\n")]]);
    for (const file of files) contents.set(file, await readFile(join(box.home, file), "latin1"));
    const places = [...contents].flatMap(([place, text]) =>
      [...secrets].some((secret) => text.includes(secret)) ? [place] : [],
    );
    const keepers =
      /^(?:\.local\/share\/open-multi-auth\/(?:store\.json(?:\.lkg)?|snapshots\/.*)|\.codex\/auth\.json)$/;
    expect(places.filter((place) => !keepers.test(place))).toEqual([]);
    expect(places).toContain(".codex/auth.json");
  });
});

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** The address to sign in at, once it is shown. */
  url(): Promise<string>;
  says(text: string): Promise<void>;
  prints(text: string): Promise<void>;
  type(text: string): void;
}

/** Starts the program with an open standard input, as a person at a terminal has it. */
function start(...args: string[]): Running {
  const child = spawn(process.execPath, [program.program, ...args], { env: box.env, cwd: box.home });
  let [stdout, stderr] = ["", ""];
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk) => ((stdout += String(chunk)), waiting.forEach((check) => check())));
  child.stderr.on("data", (chunk) => ((stderr += String(chunk)), waiting.forEach((check) => check())));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
  const until = (holds: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (holds()) resolve();
      };
      waiting.add(check);
      void ended.then(() => reject(new Error(`ended without ${what}: ${stdout}${stderr}`)));
      check();
    });
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) => until(() => stderr.includes(text), text),
    prints: (text) => until(() => stdout.includes(text), text),
    async url() {
      const pattern = /https?:\/\/\S+\/oauth\/authorize\?[^\s"]+/;
      await until(() => /(?:paste that address here\.|\}\n)/.test(stderr + stdout), "an address");
      return pattern.exec(stderr + stdout)?.[0] ?? "";
    },
    type: (text) => void child.stdin.write(text),
  };
}

/** Where the upstream sends the browser to once the person has chosen an account. */
async function callbackOf(url: string, account: string): Promise<string> {
  const answer = await fetch(`${url}&sim_account=${account}`, { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

async function link(account: string): Promise<void> {
  const adding = start("add", account);
  await fetch(await callbackOf(await adding.url(), account));
  const { code, stderr } = await adding.ended;
  if (code !== 0) throw new Error(stderr);
}

/** A browser whose owner signs in at once. */
async function installBrowser(account: string): Promise<void> {
  box.env["DISPLAY"] = ":0";
  const file = box.path("bin", "xdg-open");
  await mkdir(box.path("bin"), { recursive: true });
  const code = `#!${process.execPath}
    const page = await fetch(process.argv[2] + "&sim_account=${account}");
    await (await import("node:fs/promises")).writeFile("${box.path("browser.log")}", await page.text());`;
  await writeFile(file, code);
  await chmod(file, 0o755);
}

function codexTokens(account: string): Record<string, string> {
  const { idToken, accessToken, refreshToken } = sim.tokensOf(account);
  return { id_token: idToken, access_token: accessToken, refresh_token: refreshToken };
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
