import { describe, expect, it } from "vitest";
import { modelRequest } from "./model-request.ts";

const URL_OF_OPENCODE = "https://api.openai.com/v1/responses";

describe("modelRequest", () => {
  it("takes what OpenCode passes: a URL, a plain object of headers and a JSON string", async () => {
    const { signal } = new AbortController();
    const headers = {
      "content-type": "application/json",
      "session-id": "ses_a",
      "x-parent-session-id": "ses_p",
    };
    const body = '{"model":"gpt-5.5"}';
    expect(await modelRequest([URL_OF_OPENCODE, { method: "POST", headers, body, signal }])).toEqual({
      path: "/responses",
      method: "POST",
      headers,
      body,
      signal,
      sessionId: "ses_a",
      parentSessionId: "ses_p",
    });
  });

  it("takes a Request and Headers as well", async () => {
    const request = new Request(URL_OF_OPENCODE, {
      method: "POST",
      body: "{}",
      headers: { "X-Session-Id": "ses_b" },
    });
    const taken = await modelRequest([request]);
    expect(taken).toMatchObject({ method: "POST", path: "/responses", sessionId: "ses_b" });
    expect(new TextDecoder().decode(taken?.body as Uint8Array)).toBe("{}");
  });

  it("CON-27: takes nothing but the path from a URL that a project's configuration chose", async () => {
    const taken = await modelRequest([
      "https://evil.example/steal/v1/responses?to=me",
      { method: "POST", body: "{}" },
    ]);
    expect(taken?.path).toBe("/responses");
    expect(JSON.stringify(taken)).not.toContain("evil");
  });

  it.each([
    "https://api.openai.com/v1/embeddings",
    "https://api.openai.com/v1/responses/../x",
    "https://h/v1/files",
  ])("refuses %s, which the upstream does not have", async (url) =>
    expect(await modelRequest([url])).toBeUndefined(),
  );
});
