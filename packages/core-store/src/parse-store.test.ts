import { accountId, emptyStore, epochMs, newAccount, parseAlias } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { parseStore, type Parsed } from "./parse-store.ts";

describe("parseStore", () => {
  it("STO-01: takes a store of version 2 as it stands, unknown fields, their order and all", () => {
    const text = JSON.stringify({
      later: 1,
      ...store({ work: { ...account("work"), newer: [1] } }),
      last: {},
    });
    const parsed = parseText(text);
    expect(parsed).toMatchObject({ kind: "store", broken: [] });
    expect(parsed.kind === "store" && JSON.stringify(parsed.store)).toBe(text);
  });

  it.each([
    ["rotationStrategy", { ...store(), rotationStrategy: "fastest" }],
    ["forcedUntil", { ...store(), forcedUntil: "tomorrow" }],
    ["settings.criticalThreshold", { ...store(), settings: { criticalThreshold: 101 } }],
    ["rotation.cursor", { ...store(), rotation: { ...emptyStore().rotation, cursor: -1 } }],
    ["version", { ...store(), version: 1 }],
    ["accounts", { ...store(), accounts: "none" }],
    ["accounts", { ...store(), accounts: undefined }],
  ])("STO-01: rejects a malformed envelope with the path and the constraint: %s", (path, json) => {
    const parsed = parseText(JSON.stringify(json));
    expect(parsed).toMatchObject({ kind: "corrupted", issue: { path } });
    expect(parsed.kind === "corrupted" && parsed.issue.constraint).not.toBe("");
  });

  it("STO-01: sets malformed accounts apart and keeps the others", () => {
    const json = store({
      work: account("work"),
      broken: { ...account("broken"), expiresAt: "soon" },
      "no/alias": account("home"),
      renamed: account("other"),
      twin: { ...account("twin"), id: "id-work" },
      nothing: null,
    });
    const parsed = parseText(JSON.stringify(json));
    expect(parsed.kind === "store" && Object.keys(parsed.store.accounts)).toEqual(["work"]);
    const paths = parsed.kind === "store" ? parsed.broken.map(({ issues }) => issues[0]?.path) : [];
    expect(paths).toEqual([
      "accounts.broken.expiresAt",
      "accounts.no/alias",
      "accounts.renamed.alias",
      "accounts.twin.id",
      "accounts.nothing",
    ]);
  });

  it("repeats no value of the file: it may be a secret", () => {
    const secret = "rt_secret-refresh-token";
    const json = store({ work: { ...account("work"), refreshToken: secret, usageCount: secret } });
    const parsed = parseText(JSON.stringify({ ...json, later: 1 }));
    const issues = parsed.kind === "store" ? parsed.broken.flatMap((broken) => broken.issues) : [];
    expect(issues).not.toEqual([]);
    const garbled = parseText(`{"refreshToken": "${secret}`);
    const mistyped = parseText(JSON.stringify({ ...store(), rotationStrategy: secret }));
    expect(JSON.stringify([issues, garbled, mistyped])).not.toContain(secret);
  });

  it.each<[string, unknown, Partial<Extract<Parsed, { kind: "foreign" }>>]>([
    ["a newer version", { ...store(), version: 3 }, { shape: "newer", version: 3 }],
    [
      "the baseline's v1",
      { accounts: {}, activeAlias: null, rotationIndex: 0, lastRotation: 0 },
      { shape: "v1" },
    ],
    ["the baseline's v2", { version: 2, accounts: { a: { alias: "a" } } }, { shape: "baseline-v2" }],
    ["a list of accounts", { version: 2, accounts: [] }, { shape: "account-list" }],
    ["an encrypted store", { encrypted: true, version: 2, data: "" }, { shape: "encrypted" }],
    ["something else", { hello: "world" }, { shape: "unknown" }],
  ])("STO-03: knows %s for something it must not touch", (_, json, expected) => {
    expect(parseText(JSON.stringify(json))).toEqual({ kind: "foreign", ...expected });
  });

  it.each(["{", "[]", "null", '"text"', "\u0000\u0000", '{"version":2,'])("finds %j corrupted", (text) => {
    expect(parseText(text)).toMatchObject({ kind: "corrupted", issue: { path: "" } });
  });

  it("finds bytes that are no text corrupted", () => {
    expect(parseStore(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))).toMatchObject({ kind: "corrupted" });
  });

  it.each(["", " \n\t", "\ufeff"])("finds %j empty", (text) => {
    expect(parseText(text)).toEqual({ kind: "empty" });
  });
});

const parseText = (text: string): Parsed => parseStore(new TextEncoder().encode(text));

const store = (accounts: object = {}): object => ({ ...emptyStore(), accounts });

function account(name: string): object {
  const linked = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" as const };
  return newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), linked, epochMs(1));
}
