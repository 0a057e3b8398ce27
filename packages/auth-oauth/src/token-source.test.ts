import { epochMs } from "@open-multi-auth/domain";
import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import {
  accessToken,
  account,
  fakeStore,
  gate,
  granted,
  harness,
  hasty,
  ID,
  refusal,
  START,
  type Answer,
  alive,
} from "../test/support.ts";
import { fingerprint } from "./fingerprint.ts";

describe("createTokenSource", () => {
  it("hands out a living token from memory, the very same answer each time", async () => {
    const { tokens, exchanges } = harness([], { store: fakeStore(account(alive("living"))) });
    const first = tokens.ensureFresh(ID);
    expect(tokens.ensureFresh(ID)).toBe(first);
    expect((await first)._unsafeUnwrap()).toStrictEqual({
      accessToken: accessToken("living"),
      upstreamAccountId: "workspace-1",
      fingerprint: fingerprint(accessToken("living")),
    });
    expect(exchanges).toHaveLength(0);
  });

  it("takes the workspace from the token where the account has none", async () => {
    const { accountId: _unknown, ...linked } = account(alive("living"));
    const { tokens, store } = harness([], { store: fakeStore(linked) });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().upstreamAccountId).toBe("workspace-1");
    store.accounts.set(ID, { ...linked, accountId: "workspace-2" });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().upstreamAccountId).toBe("workspace-2");
  });

  it("refreshes an expired token, saves the rotation and hands out the new token", async () => {
    const { tokens, store, exchanges } = harness([granted("new")]);
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual(["rt_old_00000001"]);
    expect(store.account(ID)).toMatchObject({ ...alive("new"), lastRefresh: "2026-11-21T12:00:00.000Z" });
  });

  it("keeps the id token when the answer has none", async () => {
    const store = fakeStore(account({ idToken: "id-old" }));
    const { tokens } = harness([granted("new", { id_token: undefined })], { store });
    await tokens.ensureFresh(ID);
    expect(store.saved).toMatchObject([{ idToken: "id-old" }]);
  });

  it("counts a token as expired 60 seconds before its end", async () => {
    const store = fakeStore(account(alive("living")));
    const { tokens, clock, exchanges } = harness([granted("new")], { store });
    clock.at = START + 10 * 86_400_000 - 60_001;
    await tokens.ensureFresh(ID);
    expect(exchanges).toHaveLength(0);
    clock.at += 1;
    await tokens.ensureFresh(ID);
    expect(exchanges).toHaveLength(1);
  });

  it("counts a token of unknown end as expired", async () => {
    const store = fakeStore(account({ ...alive("odd"), expiresAt: epochMs(Number.NaN) }));
    const { tokens } = harness([granted("new")], { store });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
  });

  it("AUT-04: gives all callers of one process the token of one exchange", async () => {
    const answer = gate<Answer>();
    const { tokens, exchanges, lease } = harness([answer.promise, refusal("refresh_token_reused")]);
    const calls = Promise.all(Array.from({ length: 16 }, () => tokens.ensureFresh(ID)));
    answer.open(granted("new"));
    const got = (await calls).map((result) => result._unsafeUnwrap().accessToken);
    expect(new Set(got)).toStrictEqual(new Set([accessToken("new")]));
    expect(exchanges).toHaveLength(1);
    expect(lease.held).toBe(0);
  });

  it("AUT-04: uses the token that another process has got meanwhile, without an exchange", async () => {
    const { tokens, store, exchanges } = harness([refusal("refresh_token_reused")]);
    store.onDisk = account(alive("winner"));
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("winner"));
    expect(exchanges).toHaveLength(0);
  });

  it("uses another process's token whose refresh token did not change", async () => {
    const { tokens, store, exchanges } = harness([granted("new")]);
    store.onDisk = account({ ...alive("winner"), refreshToken: "rt_old_00000001" });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("winner"));
    expect(exchanges).toHaveLength(0);
  });

  it("uses another process's short-lived token instead of exchanging again", async () => {
    const { tokens, store, exchanges } = harness([refusal("refresh_token_reused")]);
    store.onDisk = account({ ...alive("brief"), expiresAt: epochMs(START + 30_000) });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("brief"));
    expect(exchanges).toHaveLength(0);
  });

  it("AUT-04: stores a returned refresh token before it finds the rest of the answer unusable", async () => {
    const { tokens, store, exchanges } = harness([
      { status: 200, body: { refresh_token: "rt_kept" } },
      granted("new"),
    ]);
    expect((await tokens.ensureFresh(ID))._unsafeUnwrapErr()).toMatchObject({
      code: "TOKEN_RESPONSE_INVALID",
      details: { accountId: ID, status: 200 },
    });
    expect(store.account(ID)).toMatchObject({ refreshToken: "rt_kept", expiresAt: 0 });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual(["rt_old_00000001", "rt_kept"]);
  });

  it("hands out no new token before it is saved", async () => {
    const saving = gate<undefined>();
    const store = fakeStore();
    store.delay = saving.promise;
    const { tokens } = harness([granted("new")], { store });
    let answered = 0;
    const first = tokens.ensureFresh(ID).map(() => (answered += 1));
    await new Promise((resolve) => setImmediate(resolve));
    const second = tokens.ensureFresh(ID).map(() => (answered += 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(0);
    saving.open(undefined);
    await Promise.all([first, second]);
    expect(answered).toBe(2);
  });

  it("CON-15: AUT-04: hands it out when saving takes long, and keeps the claim until that has ended", async () => {
    const saving = gate<undefined>();
    const store = fakeStore();
    store.delay = saving.promise;
    const patience = gate<() => void>();
    const timers = {
      ...hasty,
      after(ms: number, run: () => void) {
        if (ms === 1_000) patience.open(run);
        return () => {};
      },
    };
    const { tokens, lease } = harness([granted("new")], { store, timers });
    const asked = tokens.ensureFresh(ID);
    (await patience.promise)();
    expect((await asked)._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(lease.held).toBe(1);
    let isSettled = false;
    const settled = tokens.settled().then(() => (isSettled = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(false);
    saving.open(undefined);
    await settled;
    await expect.poll(() => lease.held).toBe(0);
  });

  describe("with a token that the upstream refused", () => {
    const rejected = fingerprint(accessToken("living"));

    it("forces one exchange and never hands the refused token out again", async () => {
      const store = fakeStore(account(alive("living")));
      const { tokens, exchanges } = harness([{ status: 429, body: "" }, granted("new")], { store });
      const failed = (await tokens.ensureFresh(ID, { rejected }))._unsafeUnwrapErr();
      expect(failed.code).toBe("TOKEN_ENDPOINT_UNREACHABLE");
      expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
      expect((await tokens.ensureFresh(ID, { rejected }))._unsafeUnwrap().accessToken).toBe(
        accessToken("new"),
      );
      expect(exchanges).toHaveLength(2);
    });

    it("uses a newer one of the store without an exchange", async () => {
      const store = fakeStore(account(alive("living")));
      const { tokens, exchanges } = harness([granted("new")], { store });
      store.onDisk = account(alive("winner"));
      const token = (await tokens.ensureFresh(ID, { rejected }))._unsafeUnwrap();
      expect(token.accessToken).toBe(accessToken("winner"));
      expect(exchanges).toHaveLength(0);
    });

    it("does not take it back from the store", async () => {
      const { tokens, store } = harness([granted("new")]);
      store.onDisk = account(alive("living"));
      expect((await tokens.ensureFresh(ID, { rejected }))._unsafeUnwrap().accessToken).toBe(
        accessToken("new"),
      );
    });

    it("does not take it back from the token endpoint", async () => {
      const store = fakeStore(account(alive("living")));
      const { tokens } = harness([granted("living")], { store });
      const failed = (await tokens.ensureFresh(ID, { rejected }))._unsafeUnwrapErr();
      expect(failed.code).toBe("TOKEN_RESPONSE_INVALID");
    });

    it("refreshes again for all callers of a refresh which found that very token", async () => {
      const releasing = gate<undefined>();
      const lease = { acquire: () => okAsync({ release: () => releasing.promise }) };
      const { tokens, store } = harness([granted("new")], { lease });
      store.onDisk = account(alive("living"));
      const first = tokens.ensureFresh(ID);
      await new Promise((resolve) => setImmediate(resolve));
      const joined = tokens.ensureFresh(ID, { rejected });
      releasing.open(undefined);
      expect((await first)._unsafeUnwrap().accessToken).toBe(accessToken("new"));
      expect((await joined)._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    });
  });
});
