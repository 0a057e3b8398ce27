import { describe, expect, it } from "vitest";
import { routeOf } from "./route.ts";

describe("routeOf", () => {
  it.each([
    ["POST", "/v1/responses", { kind: "responses", path: "/responses" }],
    ["POST", "/backend-api/codex/responses?a=b", { kind: "responses", path: "/responses?a=b" }],
    ["POST", "/v1/responses/compact", { kind: "responses", path: "/responses/compact" }],
    ["GET", "/v1/models", { kind: "models" }],
    ["GET", "/v1/models/gpt-5.5", { kind: "models", id: "gpt-5.5" }],
    ["GET", "/backend-api/codex/models?client_version=0.169.0", { kind: "models" }],
    ["GET", "/backend-api/wham/usage", { kind: "usage" }],
    ["GET", "/api/codex/usage", { kind: "usage" }],
    ["GET", "/api/health", { kind: "health" }],
  ])("%s %s", (method, target, route) => {
    expect(routeOf(method, target)).toEqual(route);
  });

  it.each([
    ["GET", "/v1/responses"],
    ["POST", "/v1/models"],
    ["POST", "/v1/responses/../../wham/usage"],
    ["POST", "/v1/responses/..%2fmodels"],
    ["POST", "/v1/responses//evil.com"],
    ["POST", "//evil.com/v1/responses"],
    ["POST", "/v1/chat/completions"],
    ["GET", "/"],
  ])("has nothing for %s %s", (method, target) => {
    expect(routeOf(method, target)).toBeUndefined();
  });
});
