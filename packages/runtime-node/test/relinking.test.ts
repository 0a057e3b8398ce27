import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ok } from "neverthrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { switchAccount, type LinkOutcome } from "../src/index.ts";
import { alias, authorizeQuery, createLinkingRig, signIn, type LinkingRig } from "./linking-rig.ts";

let rig: LinkingRig;

beforeEach(async () => {
  rig = await createLinkingRig([
    { alias: "work", userId: "ann", email: "ann@example.test", accountId: "w-work", planType: "team" },
    { alias: "own", userId: "ann", email: "ann@example.test", accountId: "w-own" },
    { alias: "other", userId: "bob", email: "bob@example.test", accountId: "w-work" },
  ]);
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("signing an account in again", () => {
  it("AUT-06: gives that alias a new login, and leaves every other account as it was", async () => {
    await rig.link("work");
    await rig.link("own");
    await change("work", { tags: ["eu"], notes: "n", usageCount: 4, authInvalid: true });
    const before = rig.pool.store.state();
    expect(await reauth("work", "work")).toMatchObject({
      phase: "done",
      report: { outcome: "reauthorized" },
    });
    const { accessToken, refreshToken } = rig.sim.tokensOf("work");
    expect(rig.account("work")).toMatchObject({
      accessToken,
      refreshToken,
      tags: ["eu"],
      notes: "n",
      usageCount: 4,
    });
    expect(rig.account("work").id).toBe(before.accounts[alias("work")]?.id);
    expect(rig.account("work")).not.toHaveProperty("authInvalid");
    expect(rig.account("own")).toEqual(before.accounts[alias("own")]);
  });

  it("AUT-06: refuses another person's login, and another workspace of the same person, unless confirmed", async () => {
    await rig.link("work");
    const before = rig.account("work");
    for (const [account, text] of [
      ["other", 'you signed in as bob@example.test; "work" stands for ann@example.test'],
      ["own", "you signed in as ann@example.test in another workspace"],
    ] as const) {
      const outcome = await reauth("work", account);
      expect(outcome).toMatchObject({
        phase: "failed",
        failure: { code: "IDENTITY_MISMATCH", message: expect.stringContaining(text) },
      });
      expect(rig.account("work")).toEqual(before);
    }
    expect(await reauth("work", "other", true)).toMatchObject({ phase: "done" });
    expect(rig.account("work")).toMatchObject({ email: "bob@example.test", id: before.id });
  });

  it("AUT-06: keeps the former credentials when the sign-in fails, is refused, or cancelled", async () => {
    await rig.link("work");
    const before = rig.account("work");
    rig.sim.script("work", [{ kind: "server-error" }], "token");
    expect(await reauth("work", "work")).toMatchObject({ phase: "failed" });
    expect(await reauth("work", "")).toMatchObject({ phase: "failed" });
    const cancelled = await rig.start({ alias: alias("work"), reauth: { allowOtherAccount: false } });
    const twice = await rig.linking.start({
      method: "browser",
      alias: alias("work"),
      reauth: { allowOtherAccount: false },
    });
    expect(twice._unsafeUnwrapErr()).toMatchObject({
      code: "REAUTH_IN_PROGRESS",
      details: { linkId: cancelled.id },
    });
    cancelled.cancel();
    await cancelled.closed;
    expect(rig.account("work")).toEqual(before);
  });

  it("ACC-06: is not begun for an alias that nobody has, or that is disabled", async () => {
    await rig.link("work");
    await change("work", { enabled: false });
    for (const [name, code] of [
      ["nobody", "ACCOUNT_NOT_FOUND"],
      ["constructor", "ACCOUNT_NOT_FOUND"],
      ["work", "ACCOUNT_DISABLED"],
    ] as const) {
      const started = await rig.linking.start({
        method: "browser",
        alias: alias(name),
        reauth: { allowOtherAccount: false },
      });
      expect(started._unsafeUnwrapErr().code).toBe(code);
    }
  });
});

describe("the same login again", () => {
  it("AUT-09: is refused under another alias, and merged where none was asked for; never doubled", async () => {
    await rig.link("work");
    const again = await rig.start({ alias: alias("again") });
    expect((await signIn(again, "work")).status).toBe(502);
    expect(await again.settled).toMatchObject({
      phase: "failed",
      failure: { code: "ACCOUNT_ALREADY_LINKED", details: { alias: "work" } },
    });
    rig.time.pass(60_000);
    const unnamed = await rig.start();
    await signIn(unnamed, "work");
    expect(await unnamed.settled).toMatchObject({
      phase: "done",
      report: { alias: "work", outcome: "updated" },
    });
    expect(rig.account("work").refreshToken).toBe(rig.sim.tokensOf("work").refreshToken);
    expect(Object.keys(rig.pool.store.state().accounts)).toEqual(["work"]);
    const taken = await rig.linking.start({ method: "browser", alias: alias("work") });
    expect(taken._unsafeUnwrapErr().code).toBe("ALIAS_TAKEN");
  });

  it("AUT-09: two sign-ins to one account at the same moment make one account", async () => {
    const links = [await rig.start({ alias: alias("a") }), await rig.start({ alias: alias("b") })];
    await Promise.all(links.map((link) => signIn(link, "work")));
    const phases = await Promise.all(links.map(async (link) => (await link.settled).phase));
    expect(phases.toSorted()).toEqual(["done", "failed"]);
    expect(Object.keys(rig.pool.store.state().accounts)).toHaveLength(1);
  });

  it("AUT-12: one e-mail address in two workspaces is two accounts, and the second is offered with the first", async () => {
    const first = await rig.start({ alias: alias("work") });
    await signIn(first, "work");
    expect(await first.settled).toMatchObject({
      report: { workspaces: [{ id: "w-own", name: "own" }] },
    });
    const second = await rig.start({ alias: alias("own"), workspace: "w-own" });
    expect(authorizeQuery(second).get("allowed_workspace_id")).toBe("w-own");
    await signIn(second, "own");
    expect(await second.settled).toMatchObject({
      phase: "done",
      report: { workspaces: [{ id: "w-work", name: "work", alias: "work" }] },
    });
    expect(rig.account("work")).toMatchObject({ email: "ann@example.test", accountId: "w-work" });
    expect(rig.account("own")).toMatchObject({ email: "ann@example.test", accountId: "w-own" });
    // Two people in one workspace are two accounts as well.
    await rig.link("other");
    expect(Object.keys(rig.pool.store.state().accounts)).toHaveLength(3);
  });

  it("AUT-12: refuses a login for another workspace than the one that was asked for", async () => {
    const link = await rig.start({ alias: alias("own"), workspace: "w-own" });
    // A server that does not keep to the limit.
    const { searchParams } = new URL(link.prompt.kind === "browser" ? link.prompt.url : "");
    searchParams.delete("allowed_workspace_id");
    searchParams.set("sim_account", "work");
    await fetch(`${rig.sim.issuerUrl}/oauth/authorize?${searchParams.toString()}`);
    expect(await link.settled).toMatchObject({ failure: { code: "WORKSPACE_MISMATCH" } });
    expect(rig.pool.store.state().accounts).toEqual({});
  });
});

describe("the active account and the Codex CLI's file", () => {
  it("AUT-07: switching signs the Codex CLI in, keeps what it does not know, and is remembered", async () => {
    await rig.link("work");
    await rig.link("own");
    await writeCodex({ OPENAI_API_KEY: "sk-own", future: { kept: true }, tokens: null });
    expect(await toggle("work")).toMatchObject({ alias: "work", path: rig.codexFile });
    expect(await rig.codex()).toMatchObject({
      auth_mode: "chatgpt",
      OPENAI_API_KEY: "sk-own",
      future: { kept: true },
      tokens: tokensOf("work", "w-work"),
    });
    expect((await stat(rig.codexFile)).mode & 0o777).toBe(0o640);
    expect(rig.pool.store.state().activeAlias).toBe("work");
    expect(rig.account("work").sharedWith).toMatchObject([{ kind: "codex-auth-json", path: rig.codexFile }]);
    await toggle("own");
    expect(rig.pool.store.state().activeAlias).toBe("own");
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("own", "w-own"));
    expect(rig.account("work")).not.toHaveProperty("sharedWith");
  });

  it("AUT-07: creates the file for its owner alone where there is none", async () => {
    await rig.link("work");
    await toggle("work");
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("work", "w-work"));
    expect((await stat(rig.codexFile)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(rig.codexFile))).mode & 0o777).toBe(0o700);
  });

  it("AUT-07: takes over what the Codex CLI renewed by itself before its file is overwritten", async () => {
    await rig.link("work");
    await rig.link("own");
    await toggle("work");
    rig.time.pass(60_000);
    const renewed = await refreshAsCodex();
    await toggle("own");
    expect(rig.account("work")).toMatchObject({
      refreshToken: renewed["refresh_token"],
      accessToken: renewed["access_token"],
    });
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("own", "w-own"));
  });

  it("AUT-07: takes it over also where it was renewed within the second of the sign-in", async () => {
    await rig.link("work");
    await rig.link("own");
    await toggle("work");
    const renewed = await refreshAsCodex();
    await toggle("own");
    expect(rig.account("work").refreshToken).toBe(renewed["refresh_token"]);
  });

  it("AUT-07: never overwrites a login that is nowhere else, unless told to", async () => {
    await rig.link("work");
    const { idToken, accessToken, refreshToken } = rig.sim.tokensOf("other");
    const foreign = { tokens: { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } };
    await writeCodex(foreign);
    const refused = await switchAccount(rig.pool, { alias: "work" }, { clock: rig.time });
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      code: "CODEX_LOGIN_UNLINKED",
      details: { email: "bob@example.test" },
    });
    expect(await rig.codex()).toEqual(foreign);
    expect(rig.pool.store.state().activeAlias).toBeNull();
    await toggle("work", true);
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("work", "w-work"));
  });

  it.each(["{ not json", "[]", '{"tokens": 5}'])(
    "AUT-07: leaves a file alone that it does not understand: %s",
    async (text) => {
      await rig.link("work");
      await writeCodex(text);
      const refused = await switchAccount(rig.pool, { alias: "work", replace: true }, { clock: rig.time });
      expect(refused._unsafeUnwrapErr().code).toBe("AUTH_FILE_INVALID");
      expect(await readFile(rig.codexFile, "utf8")).toBe(text);
    },
  );

  it("AUT-07: refuses an account that the Codex CLI could not use", async () => {
    await rig.link("work");
    await change("work", { idToken: "" });
    expect((await switchAccount(rig.pool, { alias: "work" }))._unsafeUnwrapErr().code).toBe(
      "ID_TOKEN_MISSING",
    );
    await change("work", { authInvalid: true });
    expect((await switchAccount(rig.pool, { alias: "work" }))._unsafeUnwrapErr().code).toBe("REAUTH_NEEDED");
    expect((await switchAccount(rig.pool, { alias: "nobody" }))._unsafeUnwrapErr().code).toBe(
      "ACCOUNT_NOT_FOUND",
    );
  });

  it("AUT-07: re-auth of the active alias keeps it active and brings the Codex CLI along", async () => {
    await rig.link("work");
    await toggle("work");
    rig.time.pass(60_000);
    expect(await reauth("work", "work")).toMatchObject({ phase: "done" });
    expect(rig.pool.store.state().activeAlias).toBe("work");
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("work", "w-work"));
    expect(rig.problems).toEqual([]);
  });

  it("AUT-07: so it does where the Codex CLI has renewed meanwhile, or the alias now stands for another account", async () => {
    await rig.link("work");
    await toggle("work");
    rig.time.pass(60_000);
    await refreshAsCodex();
    expect(await reauth("work", "own", true)).toMatchObject({ phase: "done" });
    expect(rig.pool.store.state().activeAlias).toBe("work");
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("own", "w-own"));
    expect(rig.account("work").sharedWith).toHaveLength(1);
  });

  it("AUT-07: another account's login replaces the former one in the Codex CLI's file as a whole", async () => {
    await rig.link("work");
    await toggle("work");
    rig.time.pass(60_000);
    expect(await reauth("work", "own", true)).toMatchObject({ phase: "done" });
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("own", "w-own"));
    expect(rig.account("work").sharedWith).toHaveLength(1);
    expect(rig.problems).toEqual([]);
  });

  it("AUT-06: a tool that shares the former login keeps it when the alias comes to stand for another account", async () => {
    await rig.link("work");
    await toggle("work");
    (await rig.pool.store.update((state) => ok({ ...state, activeAlias: null })))._unsafeUnwrap();
    const before = await readFile(rig.codexFile, "utf8");
    rig.time.pass(60_000);
    expect(await reauth("work", "own", true)).toMatchObject({ phase: "done" });
    expect(await readFile(rig.codexFile, "utf8")).toBe(before);
    expect(rig.account("work")).not.toHaveProperty("sharedWith");
  });

  it("AUT-07: re-auth of another alias leaves the Codex CLI's file alone", async () => {
    await rig.link("work");
    await rig.link("own");
    await toggle("work");
    const before = await readFile(rig.codexFile, "utf8");
    await reauth("own", "own");
    expect(await readFile(rig.codexFile, "utf8")).toBe(before);
  });

  it("AUT-07: a renewed login of the active account reaches the Codex CLI's file", async () => {
    await rig.link("work");
    await toggle("work");
    rig.sim.expireAccessToken("work");
    const serving = (await rig.pool.serve())._unsafeUnwrap();
    const answer = await serving.handle({
      path: "/responses",
      method: "POST",
      headers: {},
      body: JSON.stringify({ model: "gpt-5.5", input: [], stream: true }),
    });
    expect(answer._unsafeUnwrap().status).toBe(200);
    expect((await rig.codex()).tokens).toMatchObject(tokensOf("work", "w-work"));
  });
});

async function reauth(name: string, account: string, allowOtherAccount = false): Promise<LinkOutcome> {
  const link = await rig.start({ alias: alias(name), reauth: { allowOtherAccount } });
  await signIn(link, account);
  const outcome = await link.settled;
  await link.closed;
  return outcome;
}

async function toggle(name: string, replace = false) {
  return (await switchAccount(rig.pool, { alias: name, replace }, { clock: rig.time }))._unsafeUnwrap();
}

/** The newest tokens of an account, as the Codex CLI keeps them. */
function tokensOf(account: string, workspace: string): Record<string, string> {
  const { idToken, accessToken, refreshToken } = rig.sim.tokensOf(account);
  return { id_token: idToken, access_token: accessToken, refresh_token: refreshToken, account_id: workspace };
}

/** The Codex CLI renews its login by itself and rewrites its file. */
async function refreshAsCodex(): Promise<Record<string, string>> {
  const file = await rig.codex();
  const answer = await fetch(`${rig.sim.issuerUrl}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ grant_type: "refresh_token", refresh_token: file.tokens["refresh_token"] }),
  });
  const { id_token, access_token, refresh_token } = (await answer.json()) as Record<string, string>;
  const renewed = { id_token: id_token!, access_token: access_token!, refresh_token: refresh_token! };
  await writeFile(rig.codexFile, JSON.stringify({ ...file, tokens: { ...file.tokens, ...renewed } }));
  return renewed;
}

async function writeCodex(content: string | object): Promise<void> {
  await mkdir(dirname(rig.codexFile), { recursive: true });
  await writeFile(rig.codexFile, typeof content === "string" ? content : JSON.stringify(content), {
    mode: 0o640,
  });
}

async function change(name: string, over: object): Promise<void> {
  const done = await rig.pool.store.update((state) => {
    const account = { ...rig.account(name), ...over };
    return ok({ ...state, accounts: { ...state.accounts, [account.alias]: account } });
  });
  done._unsafeUnwrap();
}
