import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBackup, parseBackup, type BackupFile } from "./backup-format.ts";

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
