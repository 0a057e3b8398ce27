import {
  accountId,
  accountSchema,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyOf, historyPoint, NOW } from "../test/histories.ts";
import { isPacked, PACKED, unpackHistory } from "./packed-history.ts";
import { parseStore, type Parsed } from "./parse-store.ts";
import { isTextOf, storeText } from "./store-text.ts";

const NAMES = ["a", "b", "constructor", "__proto__", "7"];

describe("storeText", () => {
  it("is JSON with each account on a line of its own, its history packed", () => {
    const store = storeOf(account("a"), account("b", { rateLimitHistory: [POINT] }));
    const lines = storeText(store).split("\n");
    expect(lines.map((line) => line.slice(0, 14))).toEqual([
      '{"version":2,"',
      '"a":{"accessTo',
      '"b":{"accessTo',
      '},"activeAlias',
      "",
    ]);
    expect(lines[1]).toContain('"rateLimitHistory":[],"limitStatus"');
    expect(lines[2]).toContain(`"rateLimitHistory":[],"${PACKED}":"${NOW},,50,${NOW},,"`);
  });

  it("holds in full what cannot be packed, and what JSON cannot hold not at all", () => {
    const odd = { ...POINT, later: 1 };
    const store = storeOf(account("a", { rateLimitHistory: [odd], notes: undefined, [PACKED]: "stale" }));
    const text = storeText({ ...store, later: undefined });
    expect(JSON.parse(text)).toEqual(
      JSON.parse(JSON.stringify(storeOf(account("a", { rateLimitHistory: [odd] })))),
    );
    expect(text).not.toContain(PACKED);
  });

  it("is one line for a store without accounts", () => {
    expect(storeText(emptyStore())).toBe(`${JSON.stringify(emptyStore())}\n`);
  });

  it("property: is read as what was written, order of fields and unknown ones included", () => {
    fc.assert(
      fc.property(anyStore(), (store) => {
        const text = storeText(store);
        const read = soundStore(parse(text));
        expect(JSON.stringify(read)).toBe(JSON.stringify(store));
        expect(read).toEqual(store);
        expect(storeText(read)).toBe(text);
        expect(isTextOf(text, store)).toBe(true);
      }),
    );
  });
});

describe("isTextOf", () => {
  it("knows every other text from it", () => {
    const store = storeOf(account("a"), account("b"));
    const text = storeText(store);
    for (const other of [text.slice(0, -1), `${text}\n`, text.replace('"b"', '"c"'), ` ${text}`, ""])
      expect(isTextOf(other, store)).toBe(false);
  });
});

describe("parseStore, of a text in the layout of storeText", () => {
  it("takes over the accounts of an earlier state that are the same, and no others", () => {
    const before = soundStore(parse(storeText(storeOf(account("a"), account("b"), account("c")))));
    const now = storeOf(account("a"), account("b", { usageCount: 1 }), account("d"));
    const { a, b, d } = soundStore(parse(storeText(now), before)).accounts as Record<string, Account>;
    expect(a).toBe((before.accounts as Record<string, Account>)["a"]);
    expect(b).toEqual(account("b", { usageCount: 1 }));
    expect(d).toEqual(account("d"));
  });

  it("property: reads it as any other text, whatever the state before and however the text was damaged", () => {
    fc.assert(
      fc.property(anyStore(), anyStore(), fc.array(damage(), { maxLength: 3 }), (store, before, damages) => {
        const text = damages.reduce((damaged, harm) => harm(damaged), storeText(store));
        const seen = soundStore(parse(storeText(before)));
        expect(told(parse(text, seen))).toEqual(told(inAnotherLayout(text)));
        expect(told(parse(text))).toEqual(told(inAnotherLayout(text)));
      }),
      { numRuns: 300 },
    );
  });

  const text = storeText(storeOf(account("a"), account("b")));
  it.each([
    ["a comma too few", text.replace(",\n", "\n")],
    ["a comma too many", text.replace("\n}", ",\n}")],
    ["something after its end", `${text}more`],
    ["an account within another", text.replace('"a":', '"a":1},"x":{"b":2,\n"a":')],
    ["a brace within a string", text.replace('"accounts":{', '"x":"\\"accounts":{')],
    [
      "accounts that stand elsewhere",
      text.replace('"accounts":{', '"accounts":{},"later":{"accounts":{').replace("\n}", "\n}}"),
    ],
    ["the same account twice", text.replace("\n}", `,\n"a":${JSON.stringify(account("a"))}\n}`)],
  ])("is not misled by %s", (_, odd) => {
    expect(odd).not.toBe(text);
    expect(told(parse(odd))).toEqual(told(inAnotherLayout(odd)));
  });
});

describe("a packed history in a file", () => {
  it("is there in full for whoever asks, the same each time", () => {
    const read = soundStore(parse(stored({}))).accounts as Record<string, Account>;
    expect(read["a"]?.rateLimitHistory).toEqual([POINT]);
    expect(read["a"]?.rateLimitHistory).toBe(read["a"]?.rateLimitHistory);
    expect(read["a"]).not.toHaveProperty(PACKED);
    expect({ ...read["a"] }).toEqual(account("a", { rateLimitHistory: [POINT] }));
  });

  it("is followed by what a version that packs none has added since", () => {
    const later = { ...POINT, at: epochMs(NOW + 1) };
    const read = soundStore(parse(stored({ rateLimitHistory: [later] })));
    expect((read.accounts as Record<string, Account>)["a"]?.rateLimitHistory).toEqual([POINT, later]);
    expect(soundStore(parse(storeText(read)))).toEqual(read);
  });

  it("is absent from files of such a version, which are read as they are", () => {
    const store = storeOf(account("a", { rateLimitHistory: [POINT] }));
    expect(soundStore(parse(JSON.stringify(store, null, 2)))).toEqual(store);
  });

  it.each([5, null, "1,2", {}])("STO-01: sets an account apart whose packed history is %j", (packed) => {
    const parsed = parse(stored({ [PACKED]: packed }));
    expect(parsed).toMatchObject({
      kind: "store",
      store: { accounts: {} },
      broken: [
        {
          issues: [{ path: `accounts.a.${PACKED}`, constraint: "must be a packed history" }],
          entry: { [PACKED]: packed },
        },
      ],
    });
  });

  it("STO-01: property: whatever text counts as one, its entries are within the schema", () => {
    const row = fc
      .tuple(
        cell("0", "5", "99999", "-1", "1.5"),
        cell("u", "i", "z"),
        cell("x", "5", "-2.5"),
        cell("n", "7", "x"),
        cell("100", "1e5"),
        cell("n", "999999999999999"),
      )
      .map((cells) => cells.join(","));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const text = rows.join(";");
        if (!isPacked(text)) return;
        const parsed = accountSchema.shape.rateLimitHistory.safeParse(unpackHistory(text));
        expect(parsed.error?.issues).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

/** A file with one account, whose history is packed, as somebody else changed it. */
const stored = (change: object): string => {
  const json = JSON.parse(storeText(storeOf(account("a", { rateLimitHistory: [POINT] }))));
  return JSON.stringify({ ...json, accounts: { a: { ...json.accounts.a, ...change } } });
};

const POINT: Account["rateLimitHistory"][number] = {
  at: NOW,
  source: "usage-endpoint",
  fiveHour: historyPoint(50, NOW),
};

const parse = (text: string, before?: StoreV2): Parsed => parseStore(new TextEncoder().encode(text), before);

function soundStore(parsed: Parsed): StoreV2 {
  if (parsed.kind !== "store" || parsed.broken.length > 0)
    throw new Error(`not sound: ${JSON.stringify(parsed)}`);
  return parsed.store;
}

/** What the same JSON is read as where nothing about its lines can be guessed. */
function inAnotherLayout(text: string): Parsed {
  try {
    return parse(JSON.stringify(JSON.parse(text)));
  } catch {
    return parse(text.trim() === "" ? "" : "{");
  }
}

/** All that a caller can tell of what was read, the order of fields included. */
const told = (parsed: Parsed): unknown => ({ ...parsed, text: JSON.stringify(parsed) });

function account(name: string, fields: Partial<Account> = {}): Account {
  const linked = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" as const };
  return {
    ...newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), linked, epochMs(1)),
    ...fields,
  };
}

const storeOf = (...accounts: readonly Account[]): StoreV2 => ({
  ...emptyStore(),
  accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])),
});

function anyStore(): fc.Arbitrary<StoreV2> {
  const one = fc.record({
    name: fc.constantFrom(...NAMES),
    history: fc.oneof(historyOf({ sorted: true, longest: 12 }), historyOf({ sorted: false })),
    fields: fc.record(
      {
        usageCount: fc.nat(2),
        notes: fc.oneof(fc.string(), fc.constantFrom("é\n\u2028😀", "\ud800")),
        later: fc.json(),
      },
      { requiredKeys: [] },
    ),
  });
  return fc
    .tuple(fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 4 }), fc.boolean(), fc.string())
    .map(([ones, first, later]) => {
      const accounts = ones.map(({ name, history, fields }) =>
        account(name, { ...fields, rateLimitHistory: history }),
      );
      const store = storeOf(...accounts);
      return first ? { later, ...store } : { ...store, later };
    });
}

const cell = (...cells: string[]) => fc.constantFrom("", ...cells);

/** What may become of a text: characters lost or swapped for such as matter to its layout, at the ends of lines above all. */
function damage(): fc.Arbitrary<(text: string) => string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const bit = fc.constantFrom("", "\n", '"', "{", "}", ",", "\\", '},\n"a":{', '"accounts":{', "é", "0");
  return fc
    .tuple(place, fc.integer({ min: -2, max: 1 }), fc.nat(2), bit)
    .map(([where, beside, lost, instead]) => (text) => {
      const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + beside);
      const at =
        where < 0.6 ? (ends[Math.floor((where / 0.6) * ends.length)] ?? 0) : Math.floor(where * text.length);
      return text.slice(0, at) + instead + text.slice(at + lost);
    });
}
