import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutPlugin, withPlugin, type IsOurs } from "./edit-config.ts";

const OURS = "@open-multi-auth/opencode@1.2.3";
const isOurs: IsOurs = (spec) => spec.startsWith("@open-multi-auth/opencode");

describe("withPlugin", () => {
  it.each([
    [
      '{\n  // mine\n  "model": "x", // why\n}\n',
      `{\n  // mine\n  "model": "x", // why\n  "plugin": ["${OURS}"],\n}\n`,
    ],
    ['{"plugin":["a"] , "z":1}', `{"plugin":["a", "${OURS}"] , "z":1}`],
    [
      '{\r\n\t"plugin": [\r\n\t\t"a", // keep\r\n\t],\r\n\t"z": 1\r\n}\r\n',
      `{\r\n\t"plugin": [\r\n\t\t"a", // keep\r\n\t\t"${OURS}",\r\n\t],\r\n\t"z": 1\r\n}\r\n`,
    ],
    ['\uFEFF{"plugin":[]}', `\uFEFF{"plugin":["${OURS}"]}`],
    ["", `{\n  "plugin": ["${OURS}"]\n}\n`],
  ])("keeps every other byte of %j", (before, after) => {
    expect(added(before)).toBe(after);
  });

  it("puts the new spec in the place of an older one, keeping its options, and drops further ones", () => {
    const before = `{"plugin": ["a", ["@open-multi-auth/opencode@1.0.0", {"rotationStrategy": "random"}], "b", "@open-multi-auth/opencode"]}`;
    expect(added(before)).toBe(`{"plugin": ["a", ["${OURS}", {"rotationStrategy": "random"}], "b"]}`);
  });

  it("changes nothing where the spec is there already", () => {
    const once = added('{\n  "a": [1, 2]\n}');
    expect(added(once)).toBe(once);
  });

  it.each([
    ['{\n  "a": 1,\n  "b" 2\n}', 3],
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    ["{\n  'a': 1\n}", 2],
    ['{\n  "a": {\n', 3],
    ['{ "a": 1 }\n{ "b": 2 }', 2],
    ["[1]", 1],
    ['{\n  "model": "x",\n  "plugin": "a"\n}', 3],
    ['{\n  "plugin": ["a"],\n  "plugin": ["b"]\n}', 3],
  ])("refuses %j, naming line %d", (text, line) => {
    expect(withPlugin(text, OURS, isOurs)._unsafeUnwrapErr().line).toBe(line);
    expect(withoutPlugin(text, isOurs, false)._unsafeUnwrapErr().line).toBe(line);
  });
});

describe("withoutPlugin", () => {
  it("takes out every entry of ours and leaves the others", () => {
    const text = `{"plugin": ["a", ["${OURS}", {"x": 1}], "b"], "z": 1}`;
    expect(withoutPlugin(text, isOurs, true)._unsafeUnwrap()).toBe('{"plugin": ["a", "b"], "z": 1}');
  });

  it("keeps an empty list unless told to drop it", () => {
    const text = `{\n  "a": 1,\n  "plugin": ["${OURS}"]\n}\n`;
    expect(withoutPlugin(text, isOurs, false)._unsafeUnwrap()).toBe('{\n  "a": 1,\n  "plugin": []\n}\n');
    expect(withoutPlugin(text, isOurs, true)._unsafeUnwrap()).toBe('{\n  "a": 1\n}\n');
  });

  it("changes no other value of any configuration that we were added to", () => {
    const plugin = fc.array(fc.string(), { maxLength: 3 });
    const config = fc.record({ a: fc.jsonValue(), plugin, z: fc.jsonValue() }, { requiredKeys: [] });
    fc.assert(
      fc.property(config, fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const after = withPlugin(text, OURS, isOurs)._unsafeUnwrap();
        expect(JSON.parse(after.text)).toEqual({
          ...JSON.parse(text),
          plugin: [...(value.plugin ?? []), OURS],
        });
        const back = withoutPlugin(after.text, isOurs, after.addedList)._unsafeUnwrap();
        expect(JSON.parse(back)).toEqual(JSON.parse(text));
      }),
    );
  });
});

const added = (text: string): string => withPlugin(text, OURS, isOurs)._unsafeUnwrap().text;
