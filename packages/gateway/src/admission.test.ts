import { describe, expect, it } from "vitest";
import { turnedAway, type Visitor } from "./admission.ts";

const PORT = 4141;

describe("turnedAway", () => {
  it.each([`127.0.0.1:${PORT}`, `localhost:${PORT}`])("lets programs in that ask for %s", (host) => {
    expect(turnedAway(visitor({ hosts: [host] }), PORT)).toBeUndefined();
  });

  it("GWY-05: lets programs in that leave out the port where it is that of HTTP, and nobody else", () => {
    for (const host of ["127.0.0.1", "localhost", "127.0.0.1:80"])
      expect(turnedAway(visitor({ hosts: [host] }), 80)).toBeUndefined();
    expect(turnedAway(visitor({ hosts: ["evil.com"] }), 80)).toMatchObject({ code: "FORBIDDEN_HOST" });
  });

  it.each([
    ["another name", ["evil.com"]],
    ["another name with our port", [`evil.com:${PORT}`]],
    ["a name that begins like ours", [`127.0.0.1.evil.com:${PORT}`]],
    ["none", []],
    ["an empty one", [""]],
    ["two", [`127.0.0.1:${PORT}`, `127.0.0.1:${PORT}`]],
    ["ours and another", [`127.0.0.1:${PORT}`, "evil.com"]],
    ["one that is none", ["127.0.0.1:4141, evil.com"]],
    ["a final dot", [`localhost.:${PORT}`]],
    ["IPv6", [`[::1]:${PORT}`]],
    ["any address", [`0.0.0.0:${PORT}`]],
    ["another port", [`127.0.0.1:${PORT + 1}`]],
    ["no port", ["127.0.0.1"]],
  ])("GWY-05: refuses a Host that is %s", (_name, hosts) => {
    expect(turnedAway(visitor({ hosts }), PORT)).toMatchObject({ status: 403, code: "FORBIDDEN_HOST" });
  });

  it.each(["http://evil.com/v1/models", `http://127.0.0.1:${PORT}/v1/models`, "evil.com:443", "*"])(
    "GWY-05: refuses the target %s, which is not a path",
    (target) => {
      expect(turnedAway(visitor({ target }), PORT)).toMatchObject({ code: "FORBIDDEN_HOST" });
    },
  );

  it("believes no header that says which host was meant", () => {
    const headers = { "x-forwarded-host": `127.0.0.1:${PORT}`, "x-forwarded-for": "127.0.0.1" };
    expect(turnedAway(visitor({ hosts: ["evil.com"], headers }), PORT)).toMatchObject({ status: 403 });
  });

  it.each([
    "http://evil.com",
    "null",
    "",
    `http://127.0.0.1:${PORT + 1}`,
    `https://127.0.0.1:${PORT}`,
    "chrome-extension://abc",
  ])("GWY-05: refuses every web page: origin %j", (origin) => {
    expect(turnedAway(visitor({ headers: { origin } }), PORT)).toMatchObject({
      status: 403,
      code: "FORBIDDEN_ORIGIN",
    });
  });

  it.each(["cross-site", "same-site", "anything"])(
    "GWY-05: refuses what a page had its browser ask for without an origin: %s",
    (site) => {
      expect(turnedAway(visitor({ headers: { "sec-fetch-site": site } }), PORT)).toMatchObject({
        code: "FORBIDDEN_ORIGIN",
      });
    },
  );

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    undefined,
    "application/jsonp",
  ])("GWY-05: refuses a POST of %s, which a form could send", (type) => {
    const headers = type === undefined ? {} : { "content-type": type };
    expect(turnedAway(visitor({ method: "POST", headers }), PORT)).toMatchObject({ status: 415 });
  });

  it.each(["application/json", "Application/JSON; charset=utf-8"])("takes a POST of %s", (type) => {
    expect(turnedAway(visitor({ method: "POST", headers: { "content-type": type } }), PORT)).toBeUndefined();
  });
});

const visitor = (more: Partial<Visitor>): Visitor => ({
  method: "GET",
  target: "/v1/models",
  hosts: [`127.0.0.1:${PORT}`],
  headers: {},
  ...more,
});
