import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "@open-multi-auth/domain";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { KeyError, KeySource } from "../src/index.ts";
import {
  createKeychain,
  createKeySource,
  keychainKey,
  passphraseKey,
  runTool,
  type RunTool,
  type ToolEnd,
} from "../src/node/index.ts";
import { clock, temporaryFolder } from "./support.ts";
import { KEY } from "./torture/sealing.ts";

const LOST = "docs/OFFLINE_RECOVERY.md says what to do when it is lost";
const ended = (code: number, stdout = "", stderr = ""): ToolEnd => ({ kind: "ended", code, stdout, stderr });

const keysOf = (run: RunTool, passphrase?: string, platform: NodeJS.Platform = "linux"): KeySource =>
  createKeySource({ keychain: createKeychain(platform, run), passphrase: async () => passphrase, clock });
const keychainHas = (end: ToolEnd, platform?: NodeJS.Platform) =>
  keysOf(async () => end, undefined, platform).unlock(KEY.header, "/s/store.json");

describe("a key in the keychain that cannot be had", () => {
  const machines = [
    {
      platform: "linux",
      tool: "secret-tool",
      keychain: "the Secret Service",
      install: "install it (Debian, Ubuntu: `apt install libsecret-tools`), or use a passphrase instead",
      unlock: "unlock your keyring; on a machine without a desktop session use a passphrase instead",
      absent: ended(1, "", "\n"),
    },
    {
      platform: "darwin",
      tool: "security",
      keychain: "the macOS keychain",
      install: "make sure that /usr/bin is on the PATH, or use a passphrase instead",
      unlock: "run `security unlock-keychain`, or unlock it in Keychain Access",
      absent: ended(44, "", "security: not found"),
    },
    {
      platform: "win32",
      tool: "powershell.exe",
      keychain: "the Windows credential vault",
      install: "make sure that Windows PowerShell is on the PATH, or use a passphrase instead",
      unlock: "sign in to Windows as yourself, or use a passphrase instead",
      absent: ended(44),
    },
  ] as const;

  it.each(machines)("says why and what to do: $platform", async (machine) => {
    const { platform, tool, keychain, install, unlock, absent } = machine;
    const cases: [ToolEnd, string, string][] = [
      [{ kind: "missing" }, `there is no \`${tool}\``, install],
      [{ kind: "silent" }, `\`${tool}\` did not answer`, unlock],
      [ended(2), `\`${tool}\` ended with 2`, unlock],
      [ended(1, "", "locked"), `\`${tool}\` ended with 1`, unlock],
    ];
    for (const [end, how, fix] of cases) {
      const error = failure("KEYCHAIN_UNAVAILABLE", `${keychain} cannot be asked: ${how}`, { tool, fix });
      expect((await keychainHas(end, platform))._unsafeUnwrapErr()).toEqual(error);
      expect((await keychainKey(createKeychain(platform, async () => end)))._unsafeUnwrapErr()).toEqual(
        error,
      );
    }
    expect((await keychainHas(absent, platform))._unsafeUnwrapErr()).toEqual(
      failure("STORE_SEALED", "/s/store.json is encrypted, and the keychain does not have its key", {
        file: "/s/store.json",
        source: "keychain",
        fix: `sign in as the user, and on the machine, that encrypted it; ${LOST}`,
      }),
    );
    expect((await keychainHas(ended(0, `\n${"5a".repeat(32)}\n`), platform))._unsafeUnwrap()).toEqual(KEY);
  });

  it.each(["a5".repeat(32), "5a".repeat(31), `${"5a".repeat(32)}5a`, "5A".repeat(32), "x".repeat(64), ""])(
    "is not the one that is there: %s",
    async (secret) => {
      expect((await keychainHas(ended(0, secret)))._unsafeUnwrapErr()).toEqual(
        failure(
          "STORE_KEY_WRONG",
          "the key in the keychain does not open /s/store.json; nothing was changed",
          {
            file: "/s/store.json",
            source: "keychain",
            fix: `restore the keychain's entry; ${LOST}`,
          },
        ),
      );
    },
  );

  it.each<[string, ToolEnd]>([
    ["has it no more", ended(1)],
    ["gives another one", ended(0, "5a".repeat(32))],
  ])("is not used where the keychain took it and %s", async (_, read) => {
    const forgetful: RunTool = async (_command, [command]) => (command === "store" ? ended(0) : read);
    expect((await keychainKey(createKeychain("linux", forgetful)))._unsafeUnwrapErr()).toEqual(
      failure("KEYCHAIN_UNAVAILABLE", "the keychain took a key and does not give it back", {
        tool: "keychain",
        fix: "unlock your keychain and try again, or use a passphrase instead",
      }),
    );
  });
});

it.each<[string, ToolEnd, ToolEnd, string]>([
  ["keep it", ended(5), ended(1), "`secret-tool` ended with 5"],
  ["give it back", ended(0), { kind: "silent" }, "`secret-tool` did not answer"],
])("a key is not used where the keychain does not %s", async (_, kept, read, how) => {
  const run: RunTool = async (_command, [command]) => (command === "store" ? kept : read);
  expect((await keychainKey(createKeychain("linux", run)))._unsafeUnwrapErr().message).toBe(
    `the Secret Service cannot be asked: ${how}`,
  );
});

describe("a passphrase that opens nothing", () => {
  it("is told with what to do", async () => {
    const { header } = await passphraseKey("correct horse");
    const unlock = async (passphrase?: string): Promise<KeyError> =>
      (await keysOf(async () => ended(1), passphrase).unlock(header, "/s/store.json"))._unsafeUnwrapErr();
    const none = failure("STORE_SEALED", "/s/store.json is encrypted with a passphrase, and none was given", {
      file: "/s/store.json",
      source: "passphrase",
      fix: `set OPENCODE_MULTI_AUTH_PASSPHRASE, or run it in a terminal to be asked; ${LOST}`,
    });
    expect(await unlock()).toEqual(none);
    expect(await unlock("")).toEqual(none);
    expect(await unlock("wrong horse")).toEqual(
      failure("STORE_KEY_WRONG", "the passphrase does not open /s/store.json; nothing was changed", {
        file: "/s/store.json",
        source: "passphrase",
        fix: `give the passphrase that \`oma encrypt\` was given; ${LOST}`,
      }),
    );
  });
});

describe("runTool", () => {
  it("gives what a program is told and answers, and how it ended", async () => {
    const run = await toolOf('cat; echo "$1" >&2; exit 3');
    expect(await run("tool", ["told"], "read")).toEqual(ended(3, "read", "told\n"));
    const deaf = await toolOf("exec <&-; exit 0");
    expect(await deaf("tool", [], "x".repeat(1_000_000))).toEqual(ended(0));
    const killed = await toolOf("kill -9 $$");
    expect(await killed("tool", [], "")).toEqual(ended(-1));
  });

  it("says that a program is missing where there is none, or none that may be run", async () => {
    const bin = await temporaryFolder();
    await mkdir(join(bin, "folder"));
    await writeFile(join(bin, "text"), "");
    for (const name of ["none", "folder", "text"]) {
      expect(await runTool({ PATH: bin })(name, [], "")).toEqual({ kind: "missing" });
    }
  });

  it("ends a program that has not answered within a minute", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const run = await toolOf("exec sleep 600");
    const silent = run("tool", [], "");
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(60_000);
    expect(await silent).toEqual({ kind: "silent" });
    const quick = await toolOf("exit 0");
    expect(await quick("tool", [], "")).toEqual(ended(0));
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** Runs programs where `tool` is a script. */
async function toolOf(script: string): Promise<RunTool> {
  const bin = await temporaryFolder();
  await writeFile(join(bin, "tool"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "tool"), 0o755);
  return runTool({ PATH: `${bin}:/usr/bin:/bin` });
}
