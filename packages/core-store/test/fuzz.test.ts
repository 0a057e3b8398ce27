import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emptyStore } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import type { Result } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { PoolStore, StoreError } from "../src/index.ts";
import { parseStore } from "../src/parse-store.ts";
import { openStore } from "../src/node/index.ts";
import { clock, random, temporaryFolder, testAccount, withAccount } from "./support.ts";

const sound = JSON.stringify(
  withAccount(withAccount(emptyStore(), testAccount("work")), testAccount("home")),
);

/** A sound store in which some bytes are others, are missing, or are there twice. */
const damaged = fc
  .tuple(fc.nat(sound.length), fc.nat(40), fc.uint8Array({ maxLength: 8 }))
  .map(([at, removed, bytes]) =>
    Buffer.concat([Buffer.from(sound.slice(0, at)), bytes, Buffer.from(sound.slice(at + removed))]),
  );

/** A sound store with anything at all in one of its fields. */
const mistyped = fc
  .tuple(fc.constantFrom(...Object.keys(emptyStore()), "extra"), fc.jsonValue())
  .map(([field, value]) => Buffer.from(JSON.stringify({ ...JSON.parse(sound), [field]: value })));

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  damaged,
  mistyped,
);

describe("bytes that may be anything", () => {
  it("STO-08: are never more than an answer to the parser", () => {
    const kinds = new Set(["store", "empty", "corrupted", "foreign"]);
    const property = fc.property(anyBytes, (bytes) => {
      expect(kinds).toContain(parseStore(bytes).kind);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it("STO-08: never crash the opening, which keeps them where it cannot use them", async () => {
    const property = fc.asyncProperty(anyBytes, async (bytes) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, "store.json"), bytes, { mode: 0o600 });
      const opened = await openStore({ folder, clock, random });
      const closed = opened.isOk() ? await opened.value.close() : opened;
      const kept = await Promise.all(
        (await readdir(folder, { withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => readFile(join(folder, entry.name))),
      );
      const now = parseStore(await readFile(join(folder, "store.json")));
      expect(wayOut(opened, bytes, kept)).not.toBe("lost");
      expect(closed.isOk() ? now : { ...now, broken: [] }).toMatchObject({
        kind: closed.isOk() ? "store" : "foreign",
        broken: [],
      });
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

/** Where the bytes are after the opening. */
function wayOut(
  opened: Result<PoolStore, StoreError>,
  bytes: Buffer,
  kept: readonly Buffer[],
): "refused" | "used" | "quarantined" | "kept" | "lost" {
  if (opened.isErr()) return opened.error.code === "STORE_UNSUPPORTED" ? "refused" : "lost";
  const { kind, quarantined, evidence } = opened.value.report;
  if (quarantined.length > 0) return "quarantined";
  if (kind === "opened" || parseStore(bytes).kind === "empty") return "used";
  return evidence !== undefined && kept.some((file) => file.equals(bytes)) ? "kept" : "lost";
}
