import { failure } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { failed } from "./answers.ts";
import { API_CODES } from "./statuses.ts";

describe("an answer that is a failure", () => {
  // Those of the guard are made in one place each, which brings the fix.
  const guards = new Set(["FORBIDDEN_HOST", "FORBIDDEN_ORIGIN", "TOKEN_REQUIRED"]);

  it.each(API_CODES.filter((code) => !guards.has(code)))("%s: says what to do", async (code) => {
    const answer = JSON.parse(await failed(failure(code, "it is so", {})).text());
    expect(answer.error).toMatchObject({ code, details: { fix: expect.any(String) } });
  });

  it("keeps what the failure itself advises", async () => {
    const own = failure("NO_ACCOUNTS", "it is so", { fix: "its own" });
    expect(JSON.parse(await failed(own).text()).error.details).toEqual({ fix: "its own" });
  });
});
