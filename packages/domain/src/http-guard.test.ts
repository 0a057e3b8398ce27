import { describe, expect, it } from "vitest";
import { guardRequest, type GuardedRequest } from "./http-guard.ts";

const HOSTS = ["127.0.0.1:3434", "localhost:3434"];
const own: GuardedRequest = {
  method: "POST",
  host: "127.0.0.1:3434",
  origin: "http://127.0.0.1:3434",
  fetchSite: "same-origin",
  contentType: "application/json; charset=utf-8",
};
const codeOf = (changed: Partial<GuardedRequest>): string | undefined =>
  guardRequest({ ...own, ...changed }, HOSTS).match(
    () => undefined,
    ({ code }) => code,
  );

describe("guardRequest", () => {
  it("lets the server's own page and programs without an origin pass", () => {
    expect(codeOf({})).toBeUndefined();
    expect(codeOf({ origin: undefined, fetchSite: undefined })).toBeUndefined();
    expect(codeOf({ host: "LOCALHOST:3434", origin: "http://localhost:3434" })).toBeUndefined();
    expect(codeOf({ method: "GET", contentType: undefined, fetchSite: "none" })).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    "evil.com",
    "127.0.0.1",
    "127.0.0.1:3435",
    "localhost.:3434",
    "[::1]:3434",
    "0.0.0.0:3434",
  ])("refuses the host %s", (host) => expect(codeOf({ host })).toBe("FORBIDDEN_HOST"));

  it.each([
    "http://evil.com",
    "null",
    "http://127.0.0.1:3435",
    "https://127.0.0.1:3434",
    "http://localhost:3434",
  ])("refuses the origin %s, even for reading", (origin) => {
    expect(codeOf({ origin })).toBe("FORBIDDEN_ORIGIN");
    expect(codeOf({ origin, method: "GET" })).toBe("FORBIDDEN_ORIGIN");
  });

  it.each(["cross-site", "same-site"])("refuses what a browser calls %s", (fetchSite) =>
    expect(codeOf({ fetchSite, origin: undefined })).toBe("FORBIDDEN_ORIGIN"),
  );

  it.each([
    undefined,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ])("refuses a change as %s", (contentType) =>
    expect(codeOf({ contentType })).toBe("UNSUPPORTED_MEDIA_TYPE"),
  );
});
