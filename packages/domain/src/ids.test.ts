import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAlias } from "./ids.ts";

describe("parseAlias", () => {
  it.each(["a", "work", "Work-2.eu_west", "0", "x".repeat(64), "..."])("STO-15: takes %s", (text) => {
    expect(parseAlias(text)._unsafeUnwrap()).toBe(text);
  });

  it.each(["", "x".repeat(65), "two words", "a/b", "a\n", "ä", "a:b", "🙂"])("STO-15: refuses %j", (text) => {
    const error = parseAlias(text)._unsafeUnwrapErr();
    expect(error.code).toBe("ALIAS_INVALID");
    expect(error.message).toContain("1 to 64");
  });

  it("STO-15: takes names that every object has", () => {
    for (const name of ["__proto__", "constructor", "toString"]) expect(parseAlias(name).isOk()).toBe(true);
  });

  it("STO-15: property: takes exactly what is 1 to 64 of the allowed characters", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70, unit: "binary" }), (text) => {
        const inLength = text.length >= 1 && text.length <= 64;
        const allowed = inLength && text.replaceAll(/[A-Za-z0-9._-]/g, "") === "";
        expect(parseAlias(text).isOk()).toBe(allowed);
      }),
    );
  });

  it("AUT-08: does not repeat a token that was pasted as an alias", () => {
    const error = parseAlias("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2ln /")._unsafeUnwrapErr();
    expect(JSON.stringify(error)).not.toContain("eyJ");
  });
});
