import { describe, expect, it } from "vitest";
import { connectFailure } from "./connect-failure.ts";

const error = (code: string, cause?: unknown): Error =>
  Object.assign(new Error("failed", { cause }), { code });
const fetchFailed = (cause: unknown): TypeError => new TypeError("fetch failed", { cause });

describe("connectFailure", () => {
  it.each([
    [fetchFailed(error("ENOTFOUND")), "unreachable"],
    [fetchFailed(error("EAI_AGAIN")), "unreachable"],
    [fetchFailed(error("EHOSTUNREACH")), "unreachable"],
    [
      fetchFailed(Object.assign(new AggregateError([error("ECONNREFUSED")]), { code: "ECONNREFUSED" })),
      "connect",
    ],
    [fetchFailed({ errors: [error("ENETUNREACH"), error("ENETUNREACH")] }), "unreachable"],
    [fetchFailed(error("UND_ERR_CONNECT_TIMEOUT")), "connect"],
    [fetchFailed(Object.assign(error("ETIMEDOUT"), { syscall: "connect" })), "connect"],
    [fetchFailed({ code: "ETIMEDOUT", errors: [{ code: "ETIMEDOUT", syscall: "connect" }] }), "connect"],
    [fetchFailed(Object.assign(error("ETIMEDOUT"), { syscall: "read" })), "network"],
    [fetchFailed(error("DEPTH_ZERO_SELF_SIGNED_CERT")), "connect"],
    [error("ConnectionRefused"), "connect"],
    [error("ERR_PROXY_TUNNEL"), "connect"],
    [error("UNKNOWN_CERTIFICATE_VERIFICATION_ERROR"), "connect"],
    [error("ECONNRESET"), "network"],
    [fetchFailed(error("UND_ERR_SOCKET")), "network"],
    ["thrown text", "network"],
    [undefined, "network"],
  ])("%o is %s", (thrown, kind) => {
    expect(connectFailure(thrown)).toBe(kind);
  });
});
