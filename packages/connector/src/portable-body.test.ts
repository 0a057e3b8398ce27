import { describe, expect, it } from "vitest";
import { portableBody } from "./portable-body.ts";

const user = { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] };
const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: "yes" }] };
const call = { type: "function_call", call_id: "call_1", name: "ls", arguments: "{}" };
const output = { type: "function_call_output", call_id: "call_1", output: "a" };

describe("portableBody", () => {
  it("CON-19: drops encrypted reasoning and account-owned ids, and nothing else of the conversation", () => {
    const body = {
      model: "m",
      prompt_cache_key: "ses",
      input: [
        user,
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
        {
          type: "reasoning",
          id: "rs_2",
          summary: [{ type: "summary_text", text: "thought" }],
          encrypted_content: "gB",
        },
        { ...said, id: "msg_1" },
        { ...call, id: "fc_1" },
        output,
        { type: "item_reference", id: "rs_1" },
      ],
      include: ["reasoning.encrypted_content"],
    };
    expect(JSON.parse(portableBody(JSON.stringify(body)) ?? "")).toEqual({
      ...body,
      input: [
        user,
        { type: "reasoning", summary: [{ type: "summary_text", text: "thought" }] },
        said,
        call,
        output,
      ],
    });
  });

  it("CON-19: drops the answer that only the old account knows", () => {
    expect(portableBody('{"previous_response_id":"resp_1","input":[]}')).toBe('{"input":[]}');
  });

  it("CON-19: keeps every number and text to the letter", () => {
    const kept = String.raw`"a":12345678901234567890,"b":[1.0,-0,1e400,0.1,3],"c":"12345678901234567890 # \"9007199254740993\"","d":"##1.0"`;
    const input = `"input":[{"type":"function_call_output","call_id":"c","output":"{\\"n\\":1}","n":9007199254740993}]`;
    const sent = `{${kept},${input.replace('"call_id"', '"id":"fc_1","call_id"')}}`;
    expect(portableBody(sent)).toBe(`{${kept},${input}}`);
  });

  it("CON-19: takes no text for a number, however it is written", () => {
    const sent = String.raw`{"a":"\u0023\u00231","b":"#1","c":1.0,"input":[]}`;
    expect(portableBody(sent)).toBe('{"a":"##1","b":"#1","c":1.0,"input":[]}');
  });

  it("reads bytes as well", () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ input: [{ ...user, id: "msg_é" }] }));
    expect(portableBody(bytes)).toBe(JSON.stringify({ input: [user] }));
  });

  it.each([null, "", "{", "[]", '{"input":"text"}'])("leaves %j alone", (body) => {
    expect(portableBody(body)).toBeUndefined();
  });
});
