import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { epochMs, type EpochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { KeySource } from "../src/index.ts";
import {
  createKeychain,
  createKeySource,
  encryptStore,
  keychainKey,
  passphraseKey,
  runTool,
} from "../src/node/index.ts";
import { expectSealed, makeStore } from "./encryption.ts";
import { fakeKeychains, type FakeKeychains } from "./fake-keychains.ts";
import { bundleScript } from "./torture/script.ts";
import { clock, openTestStore, random, temporaryFolder } from "./support.ts";

const PASSPHRASE = "correct horse, battery";
let fakes: FakeKeychains;
let home: string;
let now: EpochMs;

beforeEach(async () => {
  home = await temporaryFolder();
  fakes = await fakeKeychains(home);
  now = epochMs(Date.UTC(2026, 10, 21));
});

const keychainOn = (platform: NodeJS.Platform, env = fakes.env) => createKeychain(platform, runTool(env));
const keysOn = (platform: NodeJS.Platform, passphrase?: string): KeySource =>
  createKeySource({
    keychain: keychainOn(platform),
    passphrase: async () => passphrase,
    clock: { now: () => now },
  });
const pass = (ms: number): void => void (now = epochMs(now + ms));

describe.each(["linux", "darwin"] as const)("a key in the keychain of %s", (platform) => {
  it("is kept, given back, and never seen in an argument", async () => {
    const key = (await keychainKey(keychainOn(platform)))._unsafeUnwrap();
    const unlocked = (await keysOn(platform).unlock(key.header, "store.json"))._unsafeUnwrap();
    expect(unlocked).toEqual(key);
    const [id = ""] = await readdir(join(home, "keyring"));
    const secret = await readFile(join(home, "keyring", id), "utf8");
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await fakes.calls()).toContain(id);
    expect(await fakes.calls()).not.toContain(secret);
  });

  it("is asked for once, however many files need it", async () => {
    const { header } = (await keychainKey(keychainOn(platform)))._unsafeUnwrap();
    const before = await fakes.calls();
    const keys = keysOn(platform);
    const all = Array.from({ length: 20 }, () => keys.unlock(header, "store.json"));
    for (const result of await Promise.all(all)) expect(result.isOk()).toBe(true);
    pass(3_600_000);
    expect((await keys.unlock(header, "store.json")).isOk()).toBe(true);
    expect((await fakes.calls()).slice(before.length).trim().split("\n")).toHaveLength(1);
  });

  it("is not there on another machine, and cannot be had while the keychain is locked", async () => {
    const { header } = (await keychainKey(keychainOn(platform)))._unsafeUnwrap();
    const keys = keysOn(platform);
    await fakes.lock();
    const unavailable = (await keys.unlock(header, "store.json"))._unsafeUnwrapErr();
    expect(unavailable).toMatchObject({
      code: "KEYCHAIN_UNAVAILABLE",
      details: { fix: expect.stringMatching(/unlock/) },
    });
    await fakes.unlock();
    // Each question may show a dialog: it is not put again at once.
    expect((await keys.unlock(header, "store.json")).isErr()).toBe(true);
    pass(30_000);
    expect((await keys.unlock(header, "store.json")).isOk()).toBe(true);
    await fakes.forget();
    const gone = (await keysOn(platform).unlock(header, "store.json"))._unsafeUnwrapErr();
    expect(gone).toMatchObject({ code: "STORE_SEALED", details: { source: "keychain" } });
  });

  it("is not made where there is no keychain, or one that forgets", async () => {
    const nowhere = await keychainKey(keychainOn(platform, { PATH: home }));
    expect(nowhere._unsafeUnwrapErr()).toMatchObject({
      code: "KEYCHAIN_UNAVAILABLE",
      details: {
        tool: platform === "linux" ? "secret-tool" : "security",
        fix: expect.stringMatching(/passphrase/),
      },
    });
    await fakes.lock();
    expect((await keychainKey(keychainOn(platform)))._unsafeUnwrapErr().code).toBe("KEYCHAIN_UNAVAILABLE");
    const forgetful = runTool({ ...fakes.env, KEYRING: "/dev/null/nowhere" });
    const lost = await keychainKey(createKeychain(platform, forgetful));
    expect(lost._unsafeUnwrapErr().code).toBe("KEYCHAIN_UNAVAILABLE");
  });
});

describe("the credential vault of Windows", () => {
  it("gets the secret on the input of PowerShell, never in its arguments", async () => {
    const kept = new Map<string, string>();
    const calls: string[] = [];
    const keychain = createKeychain("win32", async (command, args, input) => {
      calls.push([command, ...args].join(" "));
      const id = /'([0-9a-f]{32})'/.exec(args.join(" "))?.[1] ?? "";
      if (input !== "") kept.set(id, input.trim());
      const stdout = input === "" ? kept.get(id) : "";
      return { kind: "ended", code: stdout === undefined ? 44 : 0, stdout: stdout ?? "", stderr: "" };
    });
    const key = (await keychainKey(keychain))._unsafeUnwrap();
    const keys = createKeySource({ keychain, passphrase: async () => undefined, clock });
    expect((await keys.unlock(key.header, "store.json"))._unsafeUnwrap()).toEqual(key);
    const [[id, secret] = ["", ""]] = kept;
    // No Windows is here to run them, so they are compared word by word.
    const begin =
      "powershell.exe -NoProfile -NonInteractive -Command $ErrorActionPreference = 'Stop'; " +
      "$null = [Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime]; " +
      "$vault = New-Object Windows.Security.Credentials.PasswordVault";
    const retrieve =
      `try { $found = $vault.Retrieve('open-multi-auth', '${id}') }` +
      " catch { if ($_.Exception.GetBaseException().HResult -eq 0x80070490) { exit 44 } else { throw } }";
    const read = `${begin}; ${retrieve}; $found.RetrievePassword(); [Console]::Out.Write($found.Password)`;
    const credential = `(New-Object Windows.Security.Credentials.PasswordCredential('open-multi-auth', '${id}', $secret))`;
    expect(calls).toEqual([
      `${begin}; $secret = [Console]::In.ReadLine(); $vault.Add(${credential})`,
      read,
      read,
    ]);
    expect(calls.join("\n")).not.toContain(secret);
    kept.clear();
    expect((await keychain.read("0".repeat(32)))._unsafeUnwrap()).toBeUndefined();
  });
});

describe("a passphrase", () => {
  it("is asked for once and refused with a failure that names neither it nor the key", async () => {
    const { header } = await passphraseKey(PASSPHRASE);
    let asked = 0;
    const keychain = keychainOn("linux");
    const keys = createKeySource({
      keychain,
      passphrase: async () => `wrong ${PASSPHRASE} ${(asked += 1)}`,
      clock,
    });
    const error = (await keys.unlock(header, "store.json"))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: "STORE_KEY_WRONG", details: { file: "store.json" } });
    expect(JSON.stringify(error)).not.toContain("horse");
    await keys.unlock((await passphraseKey("another one")).header, "store.json");
    expect(asked).toBe(1);
  });

  it("opens whichever way its letters are composed", async () => {
    const { header } = await passphraseKey("übergrößen-schlüssel");
    const typed = keysOn("linux", "übergrößen-schlüssel".normalize("NFD"));
    expect((await typed.unlock(header, "store.json")).isOk()).toBe(true);
  });

  it("is made into a key once in the life of a process, and by no request", async () => {
    const folder = join(home, "store");
    await makeStore(folder);
    const file = join(folder, "store.json");
    const key = await passphraseKey(PASSPHRASE);
    const keys = keysOn("linux", PASSPHRASE);
    (await encryptStore({ file, key, keys, clock, random }))._unsafeUnwrap();
    const script = await bundleScript("derivations");
    onTestFinished(() => script.remove());
    const counting = script.start(folder, PASSPHRASE);
    counting.go();
    const lines: string[] = [];
    for await (const line of counting.lines) lines.push(line);
    expect(lines).toEqual(["opened 1", "worked 1"]);
    const { store } = await openTestStore(folder, { keys });
    expect(store.state().rotation.cursor).toBe(150);
    await store.close();
    await expectSealed(folder);
  });
});
