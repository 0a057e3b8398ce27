import { describe, expect, it } from "vitest";
import { gatewayKeyIn, withGatewayOptions, withoutGatewayOptions } from "./gateway-options.ts";

const OPTIONS = { baseURL: "http://127.0.0.1:4141/v1", apiKey: "oma_key" };

describe("withGatewayOptions", () => {
  it.each([
    ["an empty object", "{}"],
    [
      "comments and other keys",
      '{\n  // mine\n  "model": "openai/gpt-5.5", /* x */\n  "provider": {\n    "azure": { "options": {} } // az\n  },\n}\n',
    ],
    ["nothing but a comment in its place", '{\n  "provider": {\n    // mine\n  }\n}\n'],
    ["other options of the provider", '{"provider":{"openai":{"options":{"timeout":false}}}}'],
    ["a byte order mark", '\uFEFF{"a": 1}'],
  ])("GWY-01: puts the gateway into a file with %s, and takes it out again", (_name, text) => {
    const edited = withGatewayOptions(text, OPTIONS)._unsafeUnwrap();
    expect(edited).toContain('"baseURL": "http://127.0.0.1:4141/v1"');
    expect(gatewayKeyIn(edited)).toBe("oma_key");
    for (const comment of text.match(/\/\/ \w+|\/\* x \*\//g) ?? []) expect(edited).toContain(comment);
    const back = withoutGatewayOptions(edited)._unsafeUnwrap() ?? "";
    expect(JSON.stringify(valueOf(back))).toBe(JSON.stringify(valueOf(text)));
    for (const comment of text.match(/\/\/ \w+|\/\* x \*\//g) ?? []) expect(back).toContain(comment);
  });

  it("makes the file where there is none, and takes it away again", () => {
    const made = withGatewayOptions(null, OPTIONS)._unsafeUnwrap();
    expect(withoutGatewayOptions(made)._unsafeUnwrap()).toBeNull();
  });

  it("changes its own options, and nothing else", () => {
    const once = withGatewayOptions("{}", OPTIONS)._unsafeUnwrap();
    expect(withGatewayOptions(once, OPTIONS)._unsafeUnwrap()).toBe(once);
    const moved = withGatewayOptions(once, { ...OPTIONS, baseURL: "http://127.0.0.1:4242/v1" });
    expect(moved._unsafeUnwrap()).toBe(once.replace("4141", "4242"));
  });

  it.each([
    '{"provider":{"openai":{"options":{"baseURL":"https://example.com/v1"}}}}',
    '{"provider":{"openai":{"options":{"apiKey":"sk-mine"}}}}',
    '{"provider":[]}',
    "[]",
    "{",
  ])("leaves %s as it is", (text) => {
    expect(withGatewayOptions(text, OPTIONS).isErr()).toBe(true);
    expect(withoutGatewayOptions(text).unwrapOr(text)).toBe(text);
  });
});

function valueOf(text: string): unknown {
  const plain = text
    .replace("\uFEFF", "")
    .replaceAll(/\/\/ \w+|\/\* x \*\//g, "")
    .replaceAll(/,(\s*\})/g, "$1");
  return JSON.parse(plain);
}
