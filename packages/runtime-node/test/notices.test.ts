import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { after, parseAlias, type Account } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { poolControl, systemClock, watchNotices } from "../src/index.ts";
import { createRig, prompt, type Rig } from "./rig.ts";

const CHILD = fileURLToPath(new URL("notice-child.ts", import.meta.url));
const HOUR = 3_600_000;

describe("watchNotices", () => {
  it("OBS-05: exhausted, all exhausted, re-auth and running out: each once by each way, over four processes", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }, { alias: "spare" }]);
    const ntfy = await topic();
    const watchers = await Promise.all([1, 2, 3].map(() => watcher(rig, { NOTIFY: `toast,${ntfy.url}` })));
    const end = watchNotices(rig.pool);
    (
      await poolControl(rig.pool, { via: "api" }).changeSettings({
        notifications: { ntfyUrl: ntfy.url },
      })
    )._unsafeUnwrap();

    await change(rig, "spare", (account, now) => ({
      ...account,
      lastLimitProbeAt: now,
      rateLimits: {
        at: now,
        source: { kind: "usage-endpoint" },
        fiveHour: { remaining: 10, resetAt: after(now, 2 * HOUR), windowMinutes: 300, updatedAt: now },
      },
    }));
    await ntfy.told(1);

    rig.sim.script("work", [{ kind: "usage-limit" }]);
    while (rig.sim.log().every(({ status }) => status !== 429)) await rig.ask();
    await ntfy.told(2);

    rig.sim.script("home", [{ kind: "refresh-revoked", times: "always" }], "token");
    await change(rig, "home", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    await ntfy.told(3);

    rig.sim.script("spare", [{ kind: "usage-limit" }]);
    await rig.serving.handle(prompt());
    await ntfy.told(4);

    await until(() => watchers.flatMap((one) => one.shown()).length >= ntfy.messages.length);
    await end();
    const shown = (await Promise.all(watchers.map((one) => one.end()))).flat();
    const expected = [
      /^At this pace spare uses up its 5-hour window/,
      /^work has used up its quota/,
      /^The account "home" needs a new login/,
      /^No account can answer now\. The first, \w+, is back in .*oma reauth home$/,
    ].map((message) => expect.stringMatching(message));
    expect(ntfy.messages).toEqual(expected);
    const told = shown.map((line) => line.replace(/^\w+ /, ""));
    expect(new Set(told)).toEqual(new Set(ntfy.messages));
    expect(told).toHaveLength(ntfy.messages.length);
    const incidents = (await rig.pool.incidents.read(100))._unsafeUnwrap();
    expect(incidents.map(({ kind }) => kind).toReversed()).toEqual([
      "will-run-out",
      "account-exhausted",
      "reauth-needed",
      "all-exhausted",
    ]);
  });

  it("OBS-05: a process that starts later, or again, tells nothing a second time", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const ntfy = await topic();
    await change(rig, "work", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    for (const _ of [1, 2]) {
      const one = await watcher(rig, { NOTIFY: ntfy.url });
      // Its last look is at its end.
      await one.end();
    }
    expect(ntfy.messages).toHaveLength(1);
  });

  it("shows nothing by ways that nobody chose, but notes every incident", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const one = await watcher(rig, { NOTIFY: "0" });
    await change(rig, "work", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    await until(async () => (await rig.pool.incidents.read(1))._unsafeUnwrap().length > 0);
    expect(await one.end()).toEqual([]);
    expect((await rig.pool.incidents.read(10))._unsafeUnwrap()).toMatchObject([
      { kind: "reauth-needed", alias: "work", level: "warning" },
    ]);
  });

  it("shows desktop notifications with the system's own program, found on the PATH", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const bin = join(rig.env["HOME"]!, "bin");
    const shown = join(bin, "shown");
    await mkdir(bin);
    await writeFile(join(bin, "notify-send"), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${shown}'\n`);
    await chmod(join(bin, "notify-send"), 0o755);
    await poolControl(rig.pool, { via: "api" }).changeSettings({ notifications: { desktop: true } });
    await change(rig, "work", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    const end = watchNotices(rig.pool, { platform: "linux", env: { PATH: `${bin}:/usr/bin:/bin` } });
    onTestFinished(end);
    const read = () => readFile(shown, "utf8").catch(() => "");
    await until(async () => (await read()).includes("needs a new login"));
    expect((await read()).split("\n")).toEqual([
      "--app-name=open-multi-auth",
      "--urgency=normal",
      "--",
      "open-multi-auth",
      'The account "work" needs a new login and is not used. Run: oma reauth work',
      "",
    ]);
  });

  it("a desktop without such a program is an incident, told with what to do", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    await poolControl(rig.pool, { via: "api" }).changeSettings({ notifications: { desktop: true } });
    await change(rig, "work", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    await watchNotices(rig.pool, { platform: "linux", env: { PATH: "/nowhere" } })();
    const problem = async () =>
      (await rig.pool.incidents.read(10))._unsafeUnwrap().find(({ kind }) => kind === "problem");
    await until(async () => (await problem()) !== undefined);
    expect(await problem()).toMatchObject({
      code: "NOTIFICATION_FAILED",
      message: "a desktop notification was not shown: there is no notify-send",
    });
  });

  it("touches no file while nothing is to be told, and tells once where the disk refuses", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const toasts: string[] = [];
    const end = watchNotices(rig.pool, { toast: (_level, message) => void toasts.push(message) });
    onTestFinished(end);
    await writeFile(rig.pool.paths.activity, "a file where the folder should be");
    await rig.ask();
    await change(rig, "work", (account, now) => ({ ...account, authInvalid: true, authInvalidatedAt: now }));
    await until(() => toasts.length > 0);
    await rig.ask();
    await end();
    expect(toasts).toEqual([expect.stringContaining('"work"')]);
    expect(await readFile(rig.pool.paths.activity, "utf8")).toBe("a file where the folder should be");
  });

  it("a login that is dead is told of, and the death of the one that took its place", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const toasts: string[] = [];
    const end = watchNotices(rig.pool, { toast: (_level, message) => void toasts.push(message) });
    onTestFinished(end);
    const die = (refreshToken: string) =>
      change(rig, "work", (account, now) => ({
        ...account,
        refreshToken,
        authInvalid: true,
        authInvalidatedAt: now,
      }));
    await die("rt-first");
    await until(() => toasts.length === 1);
    await change(rig, "work", ({ authInvalid: _dead, ...account }) => account);
    await die("rt-second");
    await until(() => toasts.length === 2);
    expect(new Set(toasts)).toEqual(new Set([expect.stringContaining('"work" needs a new login')]));
  });
});

async function change(
  { pool }: Rig,
  name: string,
  how: (account: Account, now: ReturnType<typeof systemClock.now>) => Account,
): Promise<void> {
  const alias = parseAlias(name)._unsafeUnwrap();
  (
    await pool.store.update((store) =>
      ok({
        ...store,
        accounts: { ...store.accounts, [alias]: how(store.accounts[alias]!, systemClock.now()) },
      }),
    )
  )._unsafeUnwrap();
}

interface Topic {
  readonly url: string;
  readonly messages: readonly string[];
  /** Resolves once so much was sent there. */
  told(count: number): Promise<void>;
}

/** A topic of an ntfy server, and what was sent there. */
async function topic(): Promise<Topic> {
  const messages: string[] = [];
  const server: Server = createServer(async (request, response) => {
    messages.push(await text(request));
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const told = (count: number): Promise<void> =>
    until(
      () => messages.length >= count,
      () => JSON.stringify(messages),
    );
  return { url: `http://127.0.0.1:${port}/topic`, messages, told };
}

interface Watcher {
  /** The toasts so far. */
  shown(): string[];
  /** Ends it; gives all of its toasts. */
  end(): Promise<string[]>;
}

/** Another process of the person's. */
async function watcher(rig: Rig, variables: Record<string, string>): Promise<Watcher> {
  const ours = Object.entries(variables).map(([name, value]) => [`OPENCODE_MULTI_AUTH_${name}`, value]);
  const child: ChildProcess = spawn(process.execPath, ["--conditions=@open-multi-auth/source", CHILD], {
    env: { ...rig.env, PATH: process.env["PATH"] ?? "", ...Object.fromEntries(ours) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! });
  reader.on("line", (line) => lines.push(line));
  const closed = once(child, "close");
  await until(() => lines[0] === "ready");
  const shown = (): string[] => lines.slice(1);
  return {
    shown,
    async end() {
      child.stdin?.end();
      await closed;
      return shown();
    },
  };
}

const until = (probe: () => boolean | Promise<boolean>, seen = () => ""): Promise<void> =>
  vi.waitFor(
    async () => {
      if (!(await probe())) throw new Error(`not in time: ${probe.toString()} ${seen()}`);
    },
    { timeout: 45_000, interval: 20 },
  );
