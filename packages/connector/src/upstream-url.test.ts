import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { upstreamUrl } from "./upstream-url.ts";

describe("upstreamUrl", () => {
  it("hangs model requests under the upstream", () => {
    const upstream = "https://chatgpt.com/backend-api";
    expect(upstreamUrl(upstream, "/responses?a=1")).toBe(`${upstream}/codex/responses?a=1`);
  });

  it("CON-01: security 44: stays on the upstream's origin whatever the path", () => {
    const path = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "//evil.test/x",
        "@evil.test",
        "/../../..//evil.test",
        "\\\\evil.test",
        ":1@evil.test/",
      ),
    );
    fc.assert(
      fc.property(
        path,
        fc.constantFrom("https://chatgpt.com/backend-api", "http://127.0.0.1:81"),
        (text, upstream) => {
          expect(new URL(upstreamUrl(upstream, text)).origin).toBe(new URL(upstream).origin);
        },
      ),
    );
  });
});
