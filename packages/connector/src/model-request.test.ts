import { describe, expect, it } from "vitest";
import { modelOf, type ModelRequest } from "./model-request.ts";

describe("modelOf", () => {
  it("reads it from the body where the front door did not", () => {
    expect(modelOf(request({ body: '{"model":"gpt-5.5"}' }))).toBe("gpt-5.5");
    expect(modelOf(request({ body: '{"model":"a"}', model: "b" }))).toBe("b");
    expect(modelOf(request({}))).toBeUndefined();
  });

  it("CON-24: takes no name that no model has: it would be kept in the store and in every record", () => {
    const model = "m".repeat(20_000);
    expect(modelOf(request({ model }))).toBeUndefined();
    expect(modelOf(request({ body: JSON.stringify({ model }) }))).toBeUndefined();
  });
});

const request = (more: Partial<ModelRequest>): ModelRequest => ({
  path: "/responses",
  method: "POST",
  headers: {},
  body: null,
  ...more,
});
