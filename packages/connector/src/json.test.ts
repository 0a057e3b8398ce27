import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberOf, topLevelText } from "./json.ts";

describe("topLevelText", () => {
  it.each([
    ['{"model":"gpt-5.5","input":[]}', "gpt-5.5"],
    ['{"input":[{"model":"inner"}],"model":"outer"}', "outer"],
    ['{"text":"\\"model\\":\\"fake\\"","model":"real"}', "real"],
    ['{"a":"model","model" :\n"b"}', "b"],
    ['{"a":["model"],"x":"model"}', undefined],
    ['{"model":5}', undefined],
    ['{"model":"\\u0061\\"b"}', 'a"b'],
    ['{"model":"cut', undefined],
    ["not json", undefined],
    ["", undefined],
  ])("%s gives %s", (json, found) => {
    expect(topLevelText(json, "model")).toBe(found);
  });

  it("agrees with a parser on any document", () => {
    const document = fc.record(
      { a: fc.json(), model: fc.oneof(fc.string(), fc.integer()), 'x"y': fc.string(), n: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, fc.constantFrom(0, 1), (value, indent) => {
        const expected = typeof value.model === "string" && value.model !== "" ? value.model : undefined;
        expect(topLevelText(JSON.stringify(value, null, indent), "model")).toBe(expected);
      }),
    );
  });
});

describe("numberOf", () => {
  it.each([
    [5, 5],
    ["7.5", 7.5],
    ["", undefined],
    [" ", undefined],
    ["x", undefined],
    [null, undefined],
    [Number.NaN, undefined],
  ])("%j gives %j", (value, number) => expect(numberOf(value)).toBe(number));
});
