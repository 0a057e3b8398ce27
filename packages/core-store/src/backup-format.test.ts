import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBackup, isAffordable, parseBackup, type BackupFile } from "./backup-format.ts";

const sealed = {
  cost: { N: 2 ** 17, r: 8, p: 1 },
  salt: "c2FsdA==",
  iv: "aXY=",
  tag: "dGFn",
  data: "ZGF0YQ==",
};
const file: BackupFile = { kind: "sealed", createdAt: "2026-11-21T12:00:00.000Z", sealed };

describe("parseBackup", () => {
  it.each<BackupFile>([file, { kind: "plain", createdAt: file.createdAt, store: { version: 2 } }])(
    "reads what formatBackup wrote: $kind",
    (written) => {
      expect(parseBackup(formatBackup(written))._unsafeUnwrap()).toEqual(written);
    },
  );

  it("names every kind of file that is none", () => {
    const json = JSON.parse(formatBackup(file));
    const cost = (over: object) => ({ ...json, kdf: { ...json.kdf, ...over } });
    const cases: [unknown, string][] = [
      ["", "BACKUP_FOREIGN"],
      ["<html>", "BACKUP_FOREIGN"],
      [{ version: 2, accounts: {} }, "BACKUP_FOREIGN"],
      [formatBackup(file).slice(0, 200), "BACKUP_DAMAGED"],
      [{ ...json, version: 2 }, "BACKUP_UNSUPPORTED"],
      [{ ...json, version: "1" }, "BACKUP_DAMAGED"],
      [{ ...json, createdAt: 5 }, "BACKUP_DAMAGED"],
      [{ ...json, kdf: { name: "md5" } }, "BACKUP_DAMAGED"],
      [{ ...json, data: "<>" }, "BACKUP_DAMAGED"],
      [cost({ N: 2 ** 40 }), "BACKUP_DAMAGED"],
      [cost({ N: 1000 }), "BACKUP_DAMAGED"],
      [cost({ N: 2 ** 20, r: 1024 }), "BACKUP_DAMAGED"],
      [cost({ p: 1e6 }), "BACKUP_DAMAGED"],
    ];
    for (const [content, code] of cases) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      expect({ text, code: parseBackup(text)._unsafeUnwrapErr().code }).toEqual({ text, code });
    }
  });

  const json = JSON.parse(formatBackup(file));
  it.each([
    ["its text ends too early", formatBackup(file).slice(0, 200)],
    ["it has no version", { ...json, version: "1" }],
    ["it has no version", { ...json, version: 0.5 }],
    ["it does not say when it was made", { ...json, createdAt: 5 }],
    ["it names no known encryption", { ...json, kdf: { ...json.kdf, name: "pbkdf2" } }],
    ["it names no known encryption", { ...json, cipher: { ...json.cipher, name: "aes-256-cbc" } }],
    ["it names no known encryption", { ...json, kdf: null }],
    ["it names no known encryption", { ...json, cipher: ["aes-256-gcm"] }],
    ["the cost of its key is missing", { ...json, kdf: { ...json.kdf, N: "131072" } }],
    ["the cost of its key is missing", { ...json, kdf: { ...json.kdf, r: undefined } }],
    ["the cost of its key is missing", { ...json, kdf: { ...json.kdf, p: null } }],
    ["the cost of its key is out of bounds", { ...json, kdf: { ...json.kdf, p: 5 } }],
    ["its sealed text is not base64", { ...json, kdf: { ...json.kdf, salt: "-" } }],
    ["its sealed text is not base64", { ...json, cipher: { ...json.cipher, iv: 5 } }],
    ["its sealed text is not base64", { ...json, cipher: { ...json.cipher, tag: "dGFn " } }],
    ["its sealed text is not base64", { ...json, data: " ZGF0YQ==" }],
  ])("says what is damaged: %s", (constraint, content) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    expect(parseBackup(text)._unsafeUnwrapErr()).toEqual({
      code: "BACKUP_DAMAGED",
      message: `the backup is damaged: ${constraint}`,
      details: { constraint },
    });
  });

  it("names the version of a newer program's backup", () => {
    expect(parseBackup(JSON.stringify({ ...json, version: 7 }))._unsafeUnwrapErr()).toMatchObject({
      message: expect.stringContaining("version 7"),
      details: { version: 7 },
    });
  });

  it("never throws, whatever the bytes", () => {
    const anything = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(anything, (text) => {
        expect(parseBackup(text).isErr()).toBe(true);
      }),
    );
    const whole = formatBackup(file);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string(), (at, noise) => {
        const parsed = parseBackup(whole.slice(0, at) + noise + whole.slice(at + noise.length));
        expect(parsed.isOk() || parsed.error.message.length > 0).toBe(true);
      }),
    );
  });
});

describe("isAffordable", () => {
  it.each([
    [2 ** 14, 8, 1],
    [2 ** 17, 8, 4],
    [2 ** 20, 8, 1],
    [2 ** 14, 512, 1],
  ])("takes N = %d, r = %d, p = %d", (N, r, p) => {
    expect(isAffordable({ N, r, p })).toBe(true);
  });

  it.each([
    [2 ** 13, 8, 1],
    [2 ** 21, 8, 1],
    [2 ** 17 + 1, 8, 1],
    [2 ** 17, 7, 1],
    [2 ** 17, 8.5, 1],
    [2 ** 14, 513, 1],
    [2 ** 17, 8, 0],
    [2 ** 17, 8, 1.5],
    [2 ** 17, 8, 5],
  ])("refuses N = %d, r = %d, p = %d", (N, r, p) => {
    expect(isAffordable({ N, r, p })).toBe(false);
  });
});
