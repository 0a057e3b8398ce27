import { describe, expect, it } from "vitest";
import {
  accessToken,
  account,
  alive,
  fakeStore,
  gate,
  granted,
  harness,
  ID,
  refusal,
  type Answer,
} from "../test/support.ts";

describe("renew", () => {
  it("replaces a living token, while requests go on with it", async () => {
    const answer = gate<Answer>();
    const store = fakeStore(account(alive("living")));
    const { tokens, exchanges } = harness([answer.promise], { store });
    const renewing = tokens.renew(ID);
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("living"));
    answer.open(granted("new"));
    expect((await renewing)._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(exchanges).toHaveLength(1);
  });

  it("leaves requests their token when it fails", async () => {
    const store = fakeStore(account(alive("living")));
    const { tokens } = harness([refusal("refresh_token_revoked"), { status: 400, body: {} }], { store });
    expect((await tokens.renew(ID)).isErr()).toBe(true);
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("living"));
  });

  it("is content with what another process has renewed", async () => {
    const store = fakeStore(account(alive("living")));
    const { tokens, exchanges } = harness([granted("new")], { store });
    store.onDisk = account(alive("winner"));
    expect((await tokens.renew(ID))._unsafeUnwrap().accessToken).toBe(accessToken("winner"));
    expect(exchanges).toHaveLength(0);
  });

  it("waits for a refresh that is under way, however long it takes", async () => {
    const answer = gate<Answer>();
    const { tokens, exchanges } = harness([answer.promise]);
    const both = [tokens.ensureFresh(ID), tokens.renew(ID)];
    answer.open(granted("new"));
    for (const each of await Promise.all(both))
      expect(each._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(exchanges).toHaveLength(1);
  });

  it("ACC-02: leaves a disabled account alone, also one that another process has disabled", async () => {
    const store = fakeStore(account(alive("living")));
    const { tokens, exchanges } = harness([granted("new")], { store });
    store.onDisk = { ...account(alive("living")), enabled: false };
    expect((await tokens.renew(ID))._unsafeUnwrapErr().code).toBe("ACCOUNT_DISABLED");
    expect(exchanges).toHaveLength(0);
  });

  it("AUT-05: uses no refresh token up where nobody can claim it, on a full disk say", async () => {
    const store = fakeStore(account(alive("living")));
    const { tokens, lease, exchanges } = harness([granted("new")], { store });
    lease.refusal = "LEASE_UNAVAILABLE";
    expect((await tokens.renew(ID))._unsafeUnwrapErr().code).toBe("LEASE_UNAVAILABLE");
    expect(exchanges).toHaveLength(0);
    lease.refusal = undefined;
    expect((await tokens.renew(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
  });

  it("says NO_TOKEN for an unknown account", async () => {
    const { tokens, store } = harness([]);
    store.accounts.clear();
    expect((await tokens.renew(ID))._unsafeUnwrapErr().code).toBe("NO_TOKEN");
  });
});
