import { describe, expect, it } from "vitest";
import { createApiRig, until, type ApiRig } from "./api-rig.ts";
import { ENDLESS } from "./rig.ts";

const TWO = ["work", "home"].map((alias) => ({ alias, percentPerRequest: ENDLESS }));

/** One request that is answered at once, and one that only the other account answers. */
async function used(api: ApiRig): Promise<void> {
  await api.rig.ask();
  const answered = api.rig.pool.views().find(({ usageCount }) => usageCount > 0)?.alias ?? "work";
  api.rig.sim.drain(answered, "fiveHour");
  await api.rig.ask();
  await api.rig.ask();
  (await api.rig.pool.flush())._unsafeUnwrap();
}

describe("the routes of what is kept", () => {
  it("OBS-04: metrics are scraped as text, and read as JSON by who accepts that", async () => {
    await using api = await createApiRig(TWO);
    await used(api);
    const json = await api.call("GET /api/metrics");
    expect(json).toMatchObject({
      value: { requests: { total: 3, served: 3 }, successRate: 1, interruptionsKept: 1, failovers: 1 },
    });
    const scraped = await api.fetch("/api/metrics", {
      headers: { authorization: `Bearer ${api.server.token}` },
    });
    expect(scraped.headers.get("content-type")).toContain("version=0.0.4");
    expect(await scraped.text()).toMatch(/^open_multi_auth_requests_total\{outcome="served"\} 3$/m);
    expect((await api.fetch("/api/metrics")).status).toBe(401);
  });

  it("the series has the hour that runs, with each account's part and what it has left", async () => {
    await using api = await createApiRig(TWO);
    await used(api);
    const series = await api.call("GET /api/series", { query: { days: 1 } });
    if (!series.ok) throw new Error(series.error.message);
    const hours = series.value.hours.filter(({ requests }) => requests > 0);
    expect(hours.reduce((sum, { served }) => sum + served, 0)).toBe(3);
    expect(hours.reduce((sum, hour) => sum + hour.interruptionsKept, 0)).toBe(1);
    expect(
      hours
        .at(-1)
        ?.accounts.map(({ alias }) => alias)
        .toSorted(),
    ).toEqual(["home", "work"]);
    const refused = await api.call("GET /api/series", { query: { days: 31 } });
    expect(refused).toMatchObject({ status: 400, error: { code: "VALIDATION_ERROR" } });
  });

  it("the log has requests and changes, newest first, and those of one account", async () => {
    await using api = await createApiRig(TWO);
    await used(api);
    await api.call("PATCH /api/accounts/:alias", { params: { alias: "home" }, body: { tags: ["night"] } });
    await until(async () => {
      const log = await api.call("GET /api/logs", { query: { limit: 1 } });
      return log.ok && log.value.entries[0]?.source === "change";
    });
    const log = await api.call("GET /api/logs");
    if (!log.ok) throw new Error(log.error.message);
    expect(log.value.entries.map(({ source }) => source)).toEqual([
      "change",
      "request",
      "request",
      "request",
    ]);
    expect(
      log.value.entries.some(({ level, message }) => level === "warning" && message.includes("quota")),
    ).toBe(true);
    const own = await api.call("GET /api/logs", { query: { alias: "home", limit: 1_000 } });
    expect(own.ok && own.value.entries.every(({ aliases }) => aliases.includes("home"))).toBe(true);
  });

  it("a decision says why in words, and its detail has what the selection read", async () => {
    await using api = await createApiRig(TWO);
    await used(api);
    const listed = await api.call("GET /api/decisions");
    if (!listed.ok) throw new Error(listed.error.message);
    const moved = listed.value.decisions.find(({ explanation }) => explanation.movedFrom !== undefined);
    expect(moved?.explanation.sentence).toContain(
      "reached its limit before any output, so the request moved to",
    );
    const detail = await api.call("GET /api/decisions/:requestId", {
      params: { requestId: moved?.requestId ?? "" },
    });
    expect(detail).toMatchObject({
      value: {
        decision: { requestId: moved?.requestId },
        ended: "served",
        candidates: expect.arrayContaining([
          expect.objectContaining({ alias: moved?.explanation.movedFrom, because: "reached its limit" }),
        ]),
        replay: { candidates: expect.any(Array) },
      },
    });
    expect(JSON.stringify(detail)).not.toContain("@");
  });
});
