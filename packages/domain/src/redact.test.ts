import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presence, redact } from "./redact.ts";

const SECRET = "Zx9-opaque_secret.0123456789~AB";
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl";

/** The ways in which tokens get into texts, by name. */
const CARRIERS: Readonly<Record<string, (secret: string) => string>> = {
  "a JSON field": (secret) => JSON.stringify({ access_token: secret, expires_in: 3600 }),
  "a camel-case field": (secret) => JSON.stringify({ refreshToken: secret, alias: "work" }),
  "the fields of OpenCode's file": (secret) =>
    JSON.stringify({ openai: { access: secret, refresh: secret } }),
  "JSON in JSON": (secret) => JSON.stringify({ body: JSON.stringify({ id_token: secret }) }),
  "JSON in JSON in JSON": (secret) =>
    JSON.stringify({ log: JSON.stringify({ body: JSON.stringify({ refresh_token: secret }) }) }),
  "a printed object": (secret) => `{ refreshToken: '${secret}', expiresAt: 1 }`,
  "a header line": (secret) => `authorization: Bearer ${secret}\r\naccept: */*`,
  "basic credentials": (secret) => `Authorization: Basic ${secret}`,
  "a header object": (secret) => JSON.stringify({ Authorization: `Bearer ${secret}` }),
  "a bearer in a sentence": (secret) => `sent with Bearer ${secret}, which was refused`,
  "a form": (secret) => `grant_type=refresh_token&refresh_token=${secret}&client_id=app`,
  "a form with the code": (secret) => `code=${secret}&code_verifier=${secret}&grant_type=authorization_code`,
  "a redirect": (secret) => `GET /auth/callback?code=${secret}&state=${secret} HTTP/1.1`,
  "a URL with credentials": (secret) => `connect https://user:${secret}@example.com/x failed`,
  "a device code": (secret) => JSON.stringify({ device_code: secret, interval: 5 }),
};

describe("redact", () => {
  it.each(Object.entries(CARRIERS))("AUT-08: masks a token in %s", (_name, carry) => {
    const text = redact(carry(SECRET));
    expect(text).not.toContain(SECRET);
    expect(text).toContain("[redacted]");
  });

  it("AUT-08: property: a planted secret never survives in any of them", () => {
    const secretArbitrary = fc.stringMatching(/^[A-Za-z0-9._~-]{20,60}$/);
    fc.assert(
      fc.property(secretArbitrary, fc.constantFrom(...Object.values(CARRIERS)), (secret, carry) => {
        expect(redact(carry(secret))).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  });

  it("AUT-08: property: a secret that is known never survives anywhere", () => {
    const secretArbitrary = fc.string({ minLength: 6, unit: "binary" });
    fc.assert(
      fc.property(fc.string(), secretArbitrary, fc.string(), (before, secret, behind) => {
        fc.pre(!"[redacted]".includes(secret));
        const text = redact(`${before} ${secret} ${behind}`, [secret]);
        expect(text).not.toContain(secret);
      }),
    );
  });

  it("AUT-08: masks a known secret that was URL-encoded", () => {
    expect(redact(`x=${encodeURIComponent("a+b/c=d e")}`, ["a+b/c=d e"])).toBe("x=[redacted]");
  });

  it("AUT-08: leaves no rest of a known secret that another one begins", () => {
    expect(redact("got abcdef-long", ["abcdef", "abcdef-long"])).toBe("got [redacted]");
  });

  it("AUT-08: masks web tokens and keys by their form, also cut short", () => {
    expect(redact(`token ${JWT} was refused`)).toBe("token [redacted] was refused");
    expect(redact(JWT.slice(0, 30))).toBe("[redacted]");
    expect(redact(`auth_${JWT}`)).toBe("auth_[redacted]");
    expect(redact("rt_abcDEF123456 and sk-proj-abcDEF123456")).toBe("[redacted] and [redacted]");
  });

  it("keeps what stands around a secret", () => {
    expect(redact(`{"refresh_token":"${SECRET}","alias":"work"}`)).toBe(
      `{"refresh_token":"[redacted]","alias":"work"}`,
    );
    expect(redact(`?a=1&code=${SECRET}&b=2`)).toBe("?a=1&code=[redacted]&b=2");
  });

  it("is the same when done twice", () => {
    for (const carry of Object.values(CARRIERS)) {
      const once = redact(carry(SECRET));
      expect(redact(once)).toBe(once);
    }
  });

  it.each([
    "The refresh token of account work expired; link it again.",
    "a Bearer token is required",
    "Bearer authentication failed",
    `www-authenticate: Bearer realm="OpenAI", error="invalid_token"`,
    "accessToken: present, refreshToken: absent",
    "error ALIAS_TAKEN: an account is called work already",
    "exit code: 2, state: open",
    "basic checks of http2 passed",
    "https://chatgpt.com/backend-api/codex/responses answered 429 at 11:39",
    "mail someone@example.com about https://example.com/path?model=gpt-5",
    "the model gpt-5-codex is not supported",
    "limits: fiveHour 40 %, weekly 90 %",
  ])("leaves ordinary prose as it is: %s", (text) => {
    expect(redact(text, ["secret-of-the-pool"])).toBe(text);
  });

  it("does not mask ordinary words for the sake of a short known value", () => {
    expect(redact("a work account", ["work"])).toBe("a work account");
  });
});

describe("presence", () => {
  it("AUT-08: says no more of a secret than whether it is there", () => {
    expect([SECRET, "", undefined, null].map(presence)).toEqual(["present", "absent", "absent", "absent"]);
  });
});
