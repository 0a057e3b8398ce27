import { accountsOf, epochMs } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EARLIER, earlierJson } from "../../test/earlier-stores.ts";
import { parseStore } from "../parse-store.ts";
import { migrateStore } from "./migrate.ts";

const AT = epochMs(1_795_000_000_000);

/** What comes back after a store was written and read. */
const writtenAndRead = (value: object): unknown =>
  parseStore(new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));

/** Names that no field of any shape has. */
const unknownName = fc.stringMatching(/^x[A-Za-z_]{0,8}$/);
const unknownFields = fc.dictionary(unknownName, fc.jsonValue(), { maxKeys: 4, noNullPrototype: true });
const instant = fc.integer({ min: 0, max: 2_000_000_000_000 });
const token = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);

const known = fc.record(
  {
    accessToken: token,
    refreshToken: token,
    expiresAt: instant,
    usageCount: fc.nat(),
    email: fc.emailAddress(),
    idToken: token,
    accountId: fc.string({ minLength: 1 }),
    userId: fc.string({ minLength: 1 }),
    notes: fc.string(),
    tags: fc.array(fc.string(), { maxLength: 3 }),
    lastUsed: instant,
    rateLimitedUntil: instant,
    enabled: fc.boolean(),
    disableReason: fc.string(),
    lastRefresh: fc.string(),
  },
  { requiredKeys: ["accessToken", "refreshToken", "expiresAt", "usageCount"], noNullPrototype: true },
);

/** Values that survive JSON: it has no minus zero. */
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("migrate, write, read", () => {
  it("STO-02: property: is the identity on known and unknown fields, in every shape", () => {
    const entry = fc.tuple(known, unknownFields);
    const version = fc.constantFrom(undefined, 1, 2);
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 4 }),
        unknownFields,
        version,
        fc.boolean(),
        (entries, rest, v, asList) => {
          const all = entries.map(([fields, unknown]) => json({ ...unknown, ...fields }));
          const accounts = asList ? all : Object.fromEntries(all.map((fields, n) => [`a${n}`, fields]));
          const top = json({ ...rest, ...(v !== undefined && { version: v }) });
          const { store, report } = migrateStore({ ...top, accounts }, AT)!;
          expect(report.broken).toEqual([]);
          expect(writtenAndRead(store)).toEqual({ kind: "store", store, broken: [] });
          expect(store).toMatchObject({ ...top, version: 2 });
          const taken = accountsOf(store);
          for (const [n, fields] of all.entries()) {
            for (const [name, value] of Object.entries(fields)) expect(taken[n]?.[name]).toEqual(value);
          }
          expect(taken).toHaveLength(all.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("STO-15: property: any names give distinct aliases, and no account is lost", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("__proto__", "constructor", "a b", "a-b", ""),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 8 }), (names) => {
        const fields = { accessToken: "a", refreshToken: "r", expiresAt: 1, usageCount: 0 };
        const accounts = Object.fromEntries(names.map((alias) => [alias, { alias, ...fields }]));
        const { store, report } = migrateStore(json({ accounts }), AT)!;
        expect(Object.keys(store.accounts)).toHaveLength(names.length);
        for (const { from } of report.renamed) expect(names).toContain(from);
        expect(writtenAndRead(store)).toMatchObject({ kind: "store", broken: [] });
      }),
      { numRuns: 150 },
    );
  });

  it("STO-02: property: shuffled and damaged stores never crash; what is taken over is always a valid store", () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, "", 1e300, {}, [], "__proto__", true));
    fc.assert(
      fc.property(
        fc.constantFrom(...EARLIER),
        fc.array(fc.tuple(fc.nat(), values), { maxLength: 6 }),
        (name, damage) => {
          const store = damaged(earlierJson(name), damage);
          const first = migrateStore(store, AT);
          expect(JSON.stringify(migrateStore(store, AT))).toBe(JSON.stringify(first));
          if (first === undefined) return;
          const { store: made, report } = first;
          expect(writtenAndRead(made)).toEqual({
            kind: "store",
            store: JSON.parse(JSON.stringify(made)),
            broken: [],
          });
          const entries = Object.values(Object(store).accounts);
          expect(Object.keys(made.accounts).length + report.broken.length).toBe(entries.length);
          expect(report.broken.every(({ issues }) => issues.length > 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("property: any JSON is either migrated or nothing to migrate", () => {
    const shaped = fc.record({ version: fc.jsonValue(), accounts: fc.jsonValue(), settings: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), (value) => {
        const made = migrateStore(json(value), AT);
        const read = made === undefined ? { kind: "nothing" } : writtenAndRead(made.store);
        expect(read).toMatchObject({ kind: made === undefined ? "nothing" : "store" });
      }),
      { numRuns: 300 },
    );
  });
});

/** Replaces some of all values, wherever they stand. */
function damaged(store: unknown, damage: readonly (readonly [number, unknown])[]): unknown {
  const copy: unknown = json(store);
  for (const [at, value] of damage) {
    const places = placesIn(copy);
    const place = places[at % places.length];
    if (place !== undefined) place.holder[place.name] = value;
  }
  return json(copy);
}

function placesIn(value: unknown): { holder: Record<string, unknown>; name: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  const names = Object.keys(holder).filter((name) => name !== "__proto__");
  return names.flatMap((name) => [{ holder, name }, ...placesIn(holder[name])]);
}
