import { describe, expect, it, vi } from "vitest";
import {
  accessToken,
  account,
  alive,
  fakeStore,
  gate,
  granted,
  harness,
  ID,
  type Answer,
} from "../test/support.ts";

/** An answer whose access token outlives those of {@link granted}. */
const grantedLater = (name: string): Answer =>
  granted(name, { access_token: accessToken(name, 30 * 86_400) });

describe("createCustody", () => {
  it("keeps a rotation in memory when the store refuses it, and saves it on a later call", async () => {
    const { tokens, store, problems, exchanges, clock } = harness([granted("new"), grantedLater("newer")]);
    store.full = true;
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("new"));
    expect(problems.map(({ code }) => code)).toContain("STORE_UNWRITABLE");

    clock.at += 11 * 86_400_000;
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(
      accessToken("newer", 30 * 86_400),
    );
    expect(exchanges.map(({ refreshToken }) => refreshToken)).toStrictEqual([
      "rt_old_00000001",
      "rt_new_00000001",
    ]);

    store.full = false;
    await tokens.ensureFresh(ID);
    await vi.waitFor(() => expect(store.account(ID)?.refreshToken).toBe("rt_newer_00000001"));
  });

  it("tries to save again on each call, one try at a time, until it succeeds", async () => {
    const { tokens, store, problems } = harness([granted("new")]);
    store.full = true;
    await tokens.ensureFresh(ID);
    for (const tries of [2, 3]) {
      await Promise.all([tokens.ensureFresh(ID), tokens.ensureFresh(ID)]);
      await vi.waitFor(() => expect(problems).toHaveLength(tries));
    }
    store.full = false;
    await tokens.ensureFresh(ID);
    await vi.waitFor(() => expect(store.account(ID)?.refreshToken).toBe("rt_new_00000001"));
    expect(problems).toHaveLength(3);
  });

  it("has no memory of its own once a rotation is saved", async () => {
    const { tokens, store } = harness([granted("new", { refresh_token: undefined })]);
    store.full = true;
    await tokens.ensureFresh(ID);
    store.full = false;
    await tokens.ensureFresh(ID);
    await vi.waitFor(() => expect(store.saved).toHaveLength(1));
    store.accounts.set(ID, account({ ...alive("winner"), refreshToken: "rt_old_00000001" }));
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("winner"));
  });

  it("lets a late save of one rotation not undo the next one", async () => {
    const { tokens, store, clock } = harness([granted("new"), grantedLater("newer")]);
    store.full = true;
    await tokens.ensureFresh(ID);
    store.full = false;

    const retrying = gate<undefined>();
    store.delay = retrying.promise;
    await tokens.ensureFresh(ID);
    clock.at += 11 * 86_400_000;
    const next = tokens.ensureFresh(ID);
    await new Promise((resolve) => setImmediate(resolve));
    retrying.open(undefined);
    expect((await next)._unsafeUnwrap().accessToken).toBe(accessToken("newer", 30 * 86_400));
    expect(store.account(ID)?.refreshToken).toBe("rt_newer_00000001");
  });

  it("keeps the id token when the answer has none", async () => {
    const store = fakeStore(account({ idToken: "id-old" }));
    const { tokens, exchanges } = harness([granted("new", { id_token: undefined })], { store });
    await tokens.ensureFresh(ID);
    expect(exchanges).toHaveLength(1);
    expect(store.saved).toMatchObject([{ idToken: "id-old" }]);
  });

  it("forgets an unsaved rotation once the account was linked anew", async () => {
    const { tokens, store } = harness([granted("new")]);
    store.full = true;
    await tokens.ensureFresh(ID);
    store.accounts.set(ID, account(alive("relinked")));
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("relinked"));
  });
});
