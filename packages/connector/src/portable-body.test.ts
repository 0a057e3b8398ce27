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

  it("reads bytes as well", () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ input: [{ ...user, id: "msg_é" }] }));
    expect(portableBody(bytes)).toBe(JSON.stringify({ input: [user] }));
  });

  it.each([null, "", "{", "[]", '{"input":"text"}'])("leaves %j alone", (body) => {
    expect(portableBody(body)).toBeUndefined();
  });
});
