import { epochMs, type HttpAnswer } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { awaitApproval, startDeviceFlow, type DeviceAuthorization } from "./device-flow.ts";

const NOW = epochMs(Date.UTC(2026, 10, 21, 12));
const ISSUER = "https://issuer.test";
const DEVICE: DeviceAuthorization = {
  issuerUrl: ISSUER,
  deviceAuthId: "d",
  userCode: "ABCD-EFGH",
  verificationUrl: `${ISSUER}/codex/device`,
  intervalMs: 5_000,
  expiresAt: epochMs(NOW + 900_000),
};
const APPROVED = answer(200, { authorization_code: "c", code_verifier: "v" });
const PENDING = answer(403, { error: { code: "deviceauth_authorization_pending" } });

describe("startDeviceFlow", () => {
  it("AUT-02: takes the interval as the text that it is sent as, and the end", async () => {
    const device = await start({
      device_auth_id: "d",
      user_code: "ABCD-EFGH",
      interval: "7",
      expires_at: new Date(NOW + 600_000).toISOString(),
    });
    expect(device._unsafeUnwrap()).toEqual({ ...DEVICE, intervalMs: 7_000, expiresAt: NOW + 600_000 });
  });

  it.each([undefined, null, "", "often", -1, 0, 1e9, Number.NaN, {}])(
    "AUT-02: takes five seconds for the interval %j",
    async (interval) => {
      const device = await start({ device_auth_id: "d", user_code: "ABCD-EFGH", interval });
      expect(device._unsafeUnwrap().intervalMs).toBe(5_000);
    },
  );

  it.each([undefined, "soon", 5, "1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])(
    "AUT-02: takes fifteen minutes for the end %j",
    async (expires_at) => {
      const device = await start({ device_auth_id: "d", user_code: "ABCD-EFGH", expires_at });
      expect(device._unsafeUnwrap().expiresAt).toBe(NOW + 900_000);
    },
  );

  it.each([
    [404, {}],
    [200, {}],
    [200, { device_auth_id: "d", user_code: "\u001B[31mred" }],
    [200, { device_auth_id: 5, user_code: "ABCD-EFGH" }],
    [200, []],
    [200, "<html>"],
  ])("AUT-02: says that there is no code in the answer %i %j", async (status, body) => {
    expect((await start(body, status))._unsafeUnwrapErr().code).toBe("DEVICE_FLOW_UNAVAILABLE");
  });

  it("tells an overloaded upstream from one that has no such sign-in", async () => {
    expect((await start({}, 503))._unsafeUnwrapErr().code).toBe("TOKEN_ENDPOINT_UNREACHABLE");
  });
});

describe("awaitApproval", () => {
  it("AUT-02: waits before each poll, and five seconds longer after each slow_down", async () => {
    const slow = answer(429, { error: "slow_down" });
    const { waits, result } = await wait([PENDING, slow, PENDING, slow, PENDING, APPROVED]);
    expect(waits).toEqual([5_000, 5_000, 10_000, 10_000, 15_000, 15_000]);
    expect(result._unsafeUnwrap()).toEqual({
      code: "c",
      codeVerifier: "v",
      redirectUri: `${ISSUER}/deviceauth/callback`,
    });
  });

  it.each([
    answer(403, ""),
    answer(404, { error: { code: "deviceauth_authorization_unknown" } }),
    answer(400, { error: "authorization_pending" }),
    answer(500, "<html>"),
    answer(502, ""),
    new Error("no network"),
  ])("AUT-02: asks again after %j", async (first) => {
    const { result } = await wait([first, APPROVED]);
    expect(result.isOk()).toBe(true);
  });

  it.each([
    [answer(403, { error: { code: "deviceauth_authorization_expired" } }), "DEVICE_CODE_EXPIRED"],
    [answer(400, { error: "expired_token" }), "DEVICE_CODE_EXPIRED"],
    [answer(403, { error: { code: "access_denied" } }), "SIGN_IN_DENIED"],
    [answer(400, { error: "authorization_declined" }), "SIGN_IN_DENIED"],
    [answer(400, { error: "invalid_client" }), "TOKEN_RESPONSE_INVALID"],
    [answer(200, "not JSON"), "TOKEN_RESPONSE_INVALID"],
    [answer(200, { authorization_code: "c" }), "TOKEN_RESPONSE_INVALID"],
  ] as const)("AUT-02: ends after %j", async (first, code) => {
    const { result } = await wait([first]);
    expect(result._unsafeUnwrapErr().code).toBe(code);
  });

  it("AUT-02: ends when the code has expired, without asking once more", async () => {
    const { waits, result } = await wait(Array.from({ length: 500 }, () => PENDING));
    expect(result._unsafeUnwrapErr().code).toBe("DEVICE_CODE_EXPIRED");
    expect(waits).toHaveLength(180);
  });
});

function answer(status: number, body: unknown): HttpAnswer {
  return { status, header: () => undefined, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function start(body: unknown, status = 200) {
  const fetch = async () => answer(status, body);
  return startDeviceFlow(ISSUER, { fetch, clock: { now: () => NOW } });
}

/** Polls against these answers; time passes by the waiting alone. */
async function wait(answers: readonly (HttpAnswer | Error)[]) {
  const waits: number[] = [];
  const left = [...answers];
  const result = await awaitApproval(DEVICE, {
    fetch: async () => {
      const next = left.shift();
      if (next instanceof Error || next === undefined)
        throw next ?? new Error("asked once more than answered");
      return next;
    },
    clock: { now: () => epochMs(NOW + waits.reduce((sum, ms) => sum + ms, 0)) },
    timers: {
      after(ms, run) {
        waits.push(ms);
        queueMicrotask(run);
        return () => {};
      },
    },
    signal: new AbortController().signal,
  });
  return { waits, result };
}
