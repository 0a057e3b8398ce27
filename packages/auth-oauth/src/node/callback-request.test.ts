import { describe, expect, it } from "vitest";
import { decideCallback, type CallbackRequest } from "./callback-request.ts";

const GOOD: CallbackRequest = {
  method: "GET",
  url: "/auth/callback?code=c&state=s",
  host: "localhost:1455",
  peer: "127.0.0.1",
};

describe("decideCallback", () => {
  it("takes a callback of a browser on this machine", () => {
    const decision = decideCallback(GOOD, 1455);
    expect(decision.kind === "callback" && Object.fromEntries(decision.parameters)).toEqual({
      code: "c",
      state: "s",
    });
  });

  it.each(["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])("takes it from the peer %s", (peer) => {
    expect(decideCallback({ ...GOOD, peer }, 1455).kind).toBe("callback");
  });

  it.each([
    "192.168.1.5",
    "10.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "1127.0.0.1",
    "127.0.0.1.evil.example",
    "0.0.0.0",
    "",
    undefined,
  ])("AUT-10: refuses it from the peer %s, which is not this machine", (peer) => {
    expect(decideCallback({ ...GOOD, peer }, 1455)).toEqual({ kind: "refuse", status: 403 });
  });

  it.each([
    "localhost:1457",
    "localhost",
    "evil.example:1455",
    "127.0.0.1.evil.example:1455",
    "0.0.0.0:1455",
    undefined,
  ])("AUT-10: refuses it under the name %s", (host) => {
    expect(decideCallback({ ...GOOD, host }, 1455)).toEqual({ kind: "refuse", status: 403 });
  });

  it("has no other place, method, or length", () => {
    for (const [over, status] of [
      [{ method: "POST" }, 405],
      [{ method: "HEAD" }, 405],
      [{ url: `/auth/callback?${"x".repeat(9_000)}` }, 414],
      [{ url: "/cancel" }, 404],
      [{ url: "http://evil.example/auth/callback?code=c" }, 404],
      [{ url: "" }, 404],
    ] as const)
      expect(decideCallback({ ...GOOD, ...over }, 1455)).toEqual({ kind: "refuse", status });
  });
});
