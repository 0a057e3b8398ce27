import { describe, expect, it } from "vitest";
import { allOurs, mayBeOurs } from "./own-names.ts";

const DEFAULT = "/home/ann/pool/store.json";
const NAMED = "/home/ann/pool/accounts.json";

describe("the names in a store's folder", () => {
  it.each([
    "store.json",
    "store.json.lkg",
    "store.json.lock",
    "quarantine",
    "snapshots",
    "decisions",
    "activity",
    "audit.jsonl",
    "audit.1-2-3.jsonl",
    "opencode-install.json",
    "opencode-install.json.lock",
    "refresh-ann.lock",
    "probe-ann.lock.break.1",
    "server.json",
    "server.token",
    "server.lock.tmp-1",
  ])("%s is ours", (name) => {
    expect(allOurs([name], DEFAULT)).toBe(true);
    expect(mayBeOurs(["store.json", name], DEFAULT)).toBe(true);
  });

  it.each([
    "notes.txt",
    "my-quarantine",
    "quarantine-of-mine",
    "old-store.json",
    "store.jsonl",
    "audit",
    "my-audit.jsonl",
    "opencode-install.txt",
    "refresh-ann",
    "my-probe-ann.lock",
    "server",
    "server.txt",
    "accounts.json.lkg",
  ])("%s is not", (name) => {
    expect(allOurs(["store.json", name], DEFAULT)).toBe(false);
    expect(mayBeOurs(["store.json", name], DEFAULT)).toBe(false);
  });

  it("are all ours where there are none", () => {
    expect(allOurs([], DEFAULT)).toBe(true);
  });

  it("include a named file once its last known good copy is beside it, but it is never mended by its name alone", () => {
    expect(allOurs(["accounts.json"], NAMED)).toBe(false);
    const names = ["accounts.json", "accounts.json.lkg", "store.json"];
    expect(allOurs(names, NAMED)).toBe(true);
    expect(allOurs([...names, "notes.txt"], NAMED)).toBe(false);
    expect(mayBeOurs(names, NAMED)).toBe(false);
  });
});
