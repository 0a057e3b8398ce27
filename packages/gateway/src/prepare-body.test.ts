import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nativeBody, prepareBody } from "./prepare-body.ts";

describe("prepareBody", () => {
  it("GWY-06: leaves a body that the upstream takes as it is, byte for byte", () => {
    const text =
      ' { "model" : "gpt-5.5",\n "instructions":"", "input":[ {"role":"developer"} ], "store": false , "stream":true, "x": 1.50 } ';
    const bytes = bytesOf(text);
    const prepared = prepareBody(bytes);
    expect(prepared?.body).toBe(bytes);
    expect(prepared).toMatchObject({ model: "gpt-5.5", wantsStream: true });
  });

  it("GWY-06: adds nothing to what the Codex CLI sends", () => {
    const bytes = bytesOf(
      '{"model":"gpt-6.1-sol","input":[{"role":"developer","content":"x"}],"max_output_tokens":1}',
    );
    expect(nativeBody(bytes)).toMatchObject({ body: bytes, wantsStream: true, model: "gpt-6.1-sol" });
  });

  it("has an answer streamed and not stored, whatever was asked for, and knows what was", () => {
    expect(sent('{"model":"m","instructions":"i","input":[],"stream":false,"store":true}')).toBe(
      '{"model":"m","instructions":"i","input":[],"stream":true,"store":false}',
    );
    expect(sent('{"model":"m","instructions":"i","input":[]}')).toBe(
      '{"store":false,"stream":true,"model":"m","instructions":"i","input":[]}',
    );
    expect(prepareBody(bytesOf('{"model":"m","stream":false}'))?.wantsStream).toBe(false);
    expect(prepareBody(bytesOf('{"model":"m"}'))?.wantsStream).toBe(false);
  });

  it("makes a message of a bare text, without touching a byte of it", () => {
    expect(sent(`{${SERVED},"instructions":"i","input":"say \\"hi\\" \\u00e9 é"}`)).toBe(
      `{${SERVED},"instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"say \\"hi\\" \\u00e9 é"}]}]}`,
    );
  });

  it("moves the instructions that the input begins with to where the upstream wants them", () => {
    const input = [
      { role: "system", content: "be brief" },
      {
        role: "developer",
        content: [
          { type: "input_text", text: "and" },
          { type: "input_text", text: "kind" },
        ],
      },
    ];
    const user = '{ "role":"user" , "content":"hi"}';
    const body = `{${SERVED},"input":[ ${JSON.stringify(input[0])} , ${JSON.stringify(input[1])}, ${user} ]}`;
    expect(JSON.parse(sent(body))).toMatchObject({
      instructions: "be brief\n\nand\nkind",
      input: [{ role: "user", content: "hi" }],
    });
    expect(sent(body)).toContain(user);
  });

  it.each([
    ["there are none", '[{"role":"user","content":"hi"}]'],
    ["nothing would be left to answer to", '[{"role":"system","content":"hi"}]'],
    [
      "it has a picture",
      '[{"role":"system","content":[{"type":"input_image"}]},{"role":"user","content":"hi"}]',
    ],
    ["the input is empty", "[]"],
  ])("says something of its own where %s", (_name, input) => {
    const body: unknown = JSON.parse(sent(`{${SERVED},"input":${input},"instructions":null}`));
    expect(body).toMatchObject({ instructions: "You are a helpful assistant.", input: JSON.parse(input) });
  });

  it.each([
    '{"max_output_tokens":5,"model":"m"}',
    '{"model":"m", "max_output_tokens":5}',
    '{"a":[1,2] , "max_output_tokens" : 32000 , "model":"m"}',
  ])("leaves out what the upstream refuses: %s", (body) => {
    const { max_output_tokens: gone, ...rest } = JSON.parse(body) as Record<string, unknown>;
    expect(gone).toBeDefined();
    expect(JSON.parse(sent(body))).toEqual({
      ...rest,
      store: false,
      stream: true,
      instructions: expect.any(String),
    });
  });

  it.each(["", "[]", "null", '"x"', "{", '{"a"', '{"a":}', '{"a" 1}', "{a:1}", '{"a":1 "b":2}', '{"a":[1}'])(
    "tells what is no object: %s",
    (text) => {
      expect(prepareBody(bytesOf(text))).toBeUndefined();
    },
  );

  it("GWY-06: keeps every field that nobody knows, whatever JSON it is", () => {
    const space = fc.constantFrom("", " ", "\n", "\t\r\n");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), space, (fields, gap) => {
        const known = new Set(["store", "stream", "instructions", "input", "max_output_tokens", "__proto__"]);
        const unknown = Object.fromEntries(Object.entries(fields).filter(([name]) => !known.has(name)));
        const text = JSON.stringify({ ...unknown, input: [] }, null, gap);
        const body: unknown = JSON.parse(sent(text));
        const plain: unknown = JSON.parse(text);
        expect(body).toEqual({
          ...(plain as object),
          store: false,
          stream: true,
          instructions: expect.any(String),
        });
      }),
    );
  });
});

const SERVED = '"model":"m","store":false,"stream":true';
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sent = (text: string): string => new TextDecoder().decode(prepareBody(bytesOf(text))?.body);
