import { describe, expect, it } from "vitest";
import { antigravityProblems, antigravityRows } from "./rows.ts";

type Reading = Parameters<typeof antigravityRows>[0];

const RESET = "2026-11-21T15:00:00.000Z";
const READING: Reading = {
  at: "2026-11-21T12:00:00.000Z",
  file: "read",
  accounts: [
    { number: 1, inUse: true, signedIn: true, resting: [] },
    { number: 2, inUse: false, signedIn: true, resting: [{ what: "claude", until: RESET }] },
    { number: 3, inUse: false, signedIn: false, resting: [] },
  ],
  server: "answers",
  quotas: {
    credits: null,
    models: [
      { label: "Gemini 3 Pro", remaining: 74, resetAt: RESET },
      { label: "Claude", remaining: 18, resetAt: null },
    ],
  },
};

describe("antigravityRows", () => {
  it("ISO-03: has the models of the account in use, and what the file says of the others", () => {
    expect(antigravityRows(READING)).toEqual([
      { account: "1, in use", model: "Gemini 3 Pro", left: 74, resetsAt: Date.parse(RESET) },
      { account: "1, in use", model: "Claude", left: 18, resetsAt: null },
      { account: "2", model: "claude", left: 0, resetsAt: Date.parse(RESET) },
      { account: "3, signed out", model: "all", left: null, resetsAt: null },
    ]);
  });

  it("ISO-03: shows quotas without a file, and a file without quotas", () => {
    expect(
      antigravityRows({ ...READING, file: "missing", accounts: [] }).map(({ account }) => account),
    ).toEqual(["in use", "in use"]);
    const [first] = antigravityRows({ ...READING, server: "not-running", quotas: null });
    expect(first).toEqual({ account: "1, in use", model: "all", left: null, resetsAt: null });
  });
});

describe("antigravityProblems", () => {
  it("ISO-03: says what could not be read, and nothing where all could", () => {
    expect(antigravityProblems(READING)).toEqual([]);
    expect(antigravityProblems({ ...READING, file: "invalid", server: "silent" })).toHaveLength(2);
  });
});
