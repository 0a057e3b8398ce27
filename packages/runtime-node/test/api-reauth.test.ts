import { describe, expect, it } from "vitest";
import type { LinkView } from "@open-multi-auth/loopback-api";
import { webResponse } from "../src/index.ts";
import { accountsOnDisk, createApiRig, eventsUntil, until, type ApiRig } from "./api-rig.ts";
import { prompt } from "./rig.ts";

const WORK = { params: { alias: "work" } };

const codeOf = (result: { ok: boolean; error?: { code: string }; status: number }) => [
  result.status,
  result.error?.code,
];

/** Accounts that were signed in to, so that it is known whose they are. */
async function createLinkedRig(...aliases: string[]): Promise<ApiRig> {
  const api = await createApiRig([]);
  for (const alias of aliases) {
    api.rig.sim.addAccount({ alias });
    const started = await api.call("POST /api/accounts", { body: { alias, method: "browser" } });
    if (!started.ok) throw new Error(started.error.code);
    await signIn(started.value.url ?? "", alias);
    await ended(api, started.value.linkId);
  }
  return api;
}

async function reauth(
  api: ApiRig,
  body: { method?: "browser" | "device"; allowOtherAccount?: boolean } = {},
) {
  const started = await api.call("POST /api/accounts/:alias/reauth", { ...WORK, body });
  if (!started.ok) throw new Error(started.error.code);
  return started.value;
}

const reauthOf = (api: ApiRig) =>
  api.call("POST /api/accounts/:alias/reauth", { ...WORK, body: { method: "device" } });

/** What a browser does once the person has chosen an account. */
async function signIn(url: string, account: string): Promise<void> {
  const sent = await fetch(`${url}&sim_account=${account}`, { redirect: "manual" });
  await fetch(sent.headers.get("location") ?? "");
}

async function ended(api: ApiRig, id: string): Promise<LinkView> {
  let link: LinkView | undefined;
  await until(async () => {
    const answer = await api.call("GET /api/links/:id", { params: { id } });
    link = answer.ok ? answer.value : undefined;
    return link?.phase !== "waiting" && link?.phase !== "finishing";
  });
  return link!;
}

describe("POST /api/accounts/:alias/reauth", () => {
  it("ACC-06: can be followed from its start to its success, by asking and by events", async () => {
    await using api = await createLinkedRig("work", "home");
    const before = await accountsOnDisk(api);
    let opened: (() => void) | undefined;
    const isOpen = new Promise<void>((resolve) => (opened = resolve));
    const followed = eventsUntil(
      api,
      (events) => events.some(({ event }) => event.type === "link" && event.data.progress === "success"),
      { onOpen: () => opened?.() },
    );
    await isOpen;
    const { linkId, url, link } = await reauth(api);
    expect(link).toMatchObject({
      purpose: "reauth",
      alias: "work",
      phase: "waiting",
      progress: "in-progress",
    });
    await signIn(url ?? "", "work");
    expect(await ended(api, linkId)).toMatchObject({
      phase: "done",
      progress: "success",
      result: { alias: "work", outcome: "reauthorized" },
    });
    const told = (await followed).flatMap(({ event }) => (event.type === "link" ? event.data.progress : []));
    expect([told[0], told.at(-1)]).toEqual(["in-progress", "success"]);
    const { work, home } = await accountsOnDisk(api);
    expect(home).toEqual(before["home"]);
    expect(work).not.toEqual(before["work"]);
    expect(await api.rig.pool.audit.read(1)).toMatchObject({
      value: [{ action: "account.reauth", actor: { via: "api" } }],
    });
  });

  it("ACC-06: refuses an unknown and a disabled alias, and a second one while the first is under way", async () => {
    await using api = await createLinkedRig("work", "home");
    const nobody = await api.call("POST /api/accounts/:alias/reauth", { params: { alias: "nobody" } });
    expect(codeOf(nobody)).toEqual([404, "ACCOUNT_NOT_FOUND"]);
    const { linkId } = await reauth(api);
    const again = await api.call("POST /api/accounts/:alias/reauth", WORK);
    expect(codeOf(again)).toEqual([409, "REAUTH_IN_PROGRESS"]);
    expect(again).toMatchObject({ error: { details: { linkId } } });
    const cancelled = await api.call("DELETE /api/links/:id", { params: { id: linkId } });
    expect(cancelled).toMatchObject({ value: { phase: "cancelled", progress: "idle" } });
    await api.call("PUT /api/accounts/:alias/enabled", { ...WORK, body: { enabled: false } });
    const off = await api.call("POST /api/accounts/:alias/reauth", WORK);
    expect(codeOf(off)).toEqual([409, "ACCOUNT_DISABLED"]);
    const none = await api.call("GET /api/links/:id", { params: { id: "none" } });
    expect(codeOf(none)).toEqual([404, "LINK_NOT_FOUND"]);
  });

  it("ACC-06: goes on under the new name of an account that is renamed meanwhile", async () => {
    await using api = await createLinkedRig("work", "home");
    const { linkId, url } = await reauth(api);
    const renamed = { params: { alias: "work" }, body: { alias: "office" } };
    expect(await api.call("PATCH /api/accounts/:alias", renamed)).toMatchObject({ ok: true });
    const again = await api.call("POST /api/accounts/:alias/reauth", { params: { alias: "office" } });
    expect(codeOf(again)).toEqual([409, "REAUTH_IN_PROGRESS"]);
    await signIn(url ?? "", "work");
    expect(await ended(api, linkId)).toMatchObject({ alias: "office", result: { alias: "office" } });
    const { refreshToken } = api.rig.sim.tokensOf("work");
    expect((await accountsOnDisk(api))["office"]).toMatchObject({ refreshToken });
  });

  it("ACC-06: never gives a login to another account that has got the name meanwhile", async () => {
    await using api = await createLinkedRig("work", "home");
    const { linkId, url } = await reauth(api, { allowOtherAccount: true });
    await api.call("DELETE /api/accounts/:alias", WORK);
    await api.call("PATCH /api/accounts/:alias", { params: { alias: "home" }, body: { alias: "work" } });
    const before = await accountsOnDisk(api);
    await signIn(url ?? "", "work");
    expect(await ended(api, linkId)).toMatchObject({ error: { code: "ACCOUNT_NOT_FOUND" } });
    expect(await accountsOnDisk(api)).toEqual(before);
  });

  it("ACC-06: of two that begin at the same moment one is refused", async () => {
    await using api = await createLinkedRig("work");
    const both = await Promise.all([reauthOf(api), reauthOf(api)]);
    expect(both.map(codeOf)).toEqual([
      [202, undefined],
      [409, "REAUTH_IN_PROGRESS"],
    ]);
  });

  it("ACC-06: ends in an error that changes nothing when somebody else signs in, unless that is allowed", async () => {
    await using api = await createLinkedRig("work", "home");
    const before = await accountsOnDisk(api);
    const { linkId, url } = await reauth(api);
    await signIn(url ?? "", "home");
    expect(await ended(api, linkId)).toMatchObject({
      phase: "failed",
      progress: "error",
      error: { code: "IDENTITY_MISMATCH" },
    });
    expect(await accountsOnDisk(api)).toEqual(before);
  });

  it("takes the address that a browser elsewhere ended at, and shows a code for any device", async () => {
    await using api = await createLinkedRig("work", "home");
    const { linkId, url } = await reauth(api);
    const wrong = await api.call("POST /api/links/:id/callback", {
      params: { id: linkId },
      body: { address: "http://localhost:1/auth/callback?code=x&state=wrong" },
    });
    expect(codeOf(wrong)).toEqual([400, "CALLBACK_STATE_MISMATCH"]);
    const sent = await fetch(`${url}&sim_account=work`, { redirect: "manual" });
    const address = sent.headers.get("location") ?? "";
    await api.call("POST /api/links/:id/callback", { params: { id: linkId }, body: { address } });
    expect(await ended(api, linkId)).toMatchObject({ progress: "success" });
    expect((await reauth(api, { method: "device" })).userCode).toMatch(/\S{4,}/);
  });

  it("ACC-07: does not disturb a request that is running on the account", async () => {
    await using api = await createLinkedRig("work");
    const { sim, serving, pool } = api.rig;
    sim.script("work", [{ kind: "gated-stream", gate: "half" }]);
    const running = (await serving.handle(prompt()))._unsafeUnwrap();
    const reading = webResponse(running).text();
    const { linkId, url } = await reauth(api);
    await signIn(url ?? "", "work");
    expect(await ended(api, linkId)).toMatchObject({ progress: "success" });
    sim.releaseGate("half");
    const text = await reading;
    expect(running.status).toBe(200);
    expect(text).toContain("response.completed");
    expect((await api.rig.record()).attempts).toMatchObject([{ alias: "work", verdict: "served" }]);
    expect(pool.views()[0]).toMatchObject({ health: { state: "healthy" }, auth: { state: "valid" } });
    expect((await api.rig.ask()).text).toContain("work answered");
  });
});

describe("POST /api/accounts", () => {
  it("links an account that the person signs in with, and refuses a name that is taken", async () => {
    await using api = await createLinkedRig("work", "home");
    api.rig.sim.addAccount({ alias: "new" });
    const started = await api.call("POST /api/accounts", { body: { alias: "lab", method: "browser" } });
    if (!started.ok) throw new Error(started.error.code);
    await signIn(started.value.url ?? "", "new");
    expect(await ended(api, started.value.linkId)).toMatchObject({
      result: { alias: "lab", outcome: "added", email: "new@example.test" },
    });
    expect(Object.keys(await accountsOnDisk(api))).toEqual(["work", "home", "lab"]);
    const taken = await api.call("POST /api/accounts", { body: { alias: "lab", method: "browser" } });
    expect(codeOf(taken)).toEqual([409, "ALIAS_TAKEN"]);
    const odd = await api.call("POST /api/accounts", { body: { alias: "a b", method: "browser" } });
    expect(codeOf(odd)).toEqual([400, "ALIAS_INVALID"]);
    const wrong = await api.call("POST /api/accounts", { body: { method: "carrier pigeon" } as never });
    expect(wrong).toMatchObject({
      status: 400,
      error: { code: "VALIDATION_ERROR", details: { issues: [{ field: "method" }] } },
    });
  });
});
