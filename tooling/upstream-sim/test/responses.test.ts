import { describe, expect, it } from "vitest";
import { eventsOf, prompt, startSim, textOf } from "./harness.ts";

const hour = 3_600_000;

describe("POST /codex/responses", () => {
  it("answers with the whole event list, naming the account and echoing the prompt", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const response = await prompt(sim, "work", { text: "tell me more" });
    const events = await eventsOf(response);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(textOf(events)).toBe("work answered: tell me more");
    expect(events.map((event) => event.type).filter((type) => !type.endsWith("delta"))).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.output_item.done",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  it("drains the quota, refuses when dry and serves again once the clock has passed the reset", async () => {
    const clock = { now: () => 1_800_000_000_000 };
    const sim = await startSim({
      clock,
      accounts: [{ alias: "work", percentPerRequest: { fiveHour: 50, weekly: 10 } }],
    });
    const first = await prompt(sim, "work");
    expect(first.headers.get("x-codex-primary-used-percent")).toBe("50");
    expect(first.headers.get("x-codex-secondary-used-percent")).toBe("10");
    expect(first.headers.get("x-codex-primary-window-minutes")).toBe("300");
    expect(first.headers.get("x-codex-secondary-window-minutes")).toBe("10080");
    expect(first.headers.get("x-codex-plan-type")).toBe("plus");
    expect((await prompt(sim, "work")).headers.get("x-codex-primary-used-percent")).toBe("100");

    sim.advance(hour);
    const refused = await prompt(sim, "work");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe(String(4 * 3600));
    expect(refused.headers.get("x-codex-primary-reset-at")).toBe(String(1_800_000_000 + 5 * 3600));
    expect(await refused.json()).toEqual({
      error: {
        type: "usage_limit_reached",
        message: "The usage limit has been reached",
        plan_type: "plus",
        resets_at: 1_800_000_000 + 5 * 3600,
        resets_in_seconds: 4 * 3600,
        eligible_promo: null,
      },
    });

    sim.advance(4 * hour - 1);
    expect((await prompt(sim, "work")).status).toBe(429);
    sim.advance(1);
    const served = await prompt(sim, "work");
    expect(served.headers.get("x-codex-primary-used-percent")).toBe("50");
    expect(served.headers.get("x-codex-secondary-used-percent")).toBe("30");
  });

  it("tells a weekly limit by its window and its own header", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.drain("work", "weekly");
    const refused = await prompt(sim, "work");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-codex-secondary-used-percent")).toBe("100");
    expect(refused.headers.get("x-codex-rate-limit-reached-type")).toBe("rate_limit_reached");
  });

  it("sends the only window of a weekly account as primary", async () => {
    const sim = await startSim({ accounts: [{ alias: "work", windows: ["weekly"] }] });
    const response = await prompt(sim, "work");
    expect(response.headers.get("x-codex-primary-window-minutes")).toBe("10080");
    expect(response.headers.get("x-codex-secondary-window-minutes")).toBeNull();
  });

  it("refuses unknown and expired tokens, and a foreign workspace", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    expect((await prompt(sim, "work", { accessToken: "nobody's" })).status).toBe(401);

    const foreign = { "ChatGPT-Account-Id": sim.accounts()[1]?.accountId ?? "" };
    expect((await prompt(sim, "work", { headers: foreign })).status).toBe(403);
    expect((await prompt(sim, "home", { headers: foreign })).status).toBe(200);

    sim.expireAccessToken("work");
    const refused = await prompt(sim, "work");
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: "token_expired" }, status: 401 });

    sim.advance(10 * 24 * hour);
    expect((await prompt(sim, "home")).status).toBe(401);
  });

  it("takes encrypted reasoning back from its own account only", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const events = await eventsOf(await prompt(sim, "work"));
    const item = events.findLast(
      (event) => event.type === "response.output_item.done" && event.item?.type === "reasoning",
    )?.item;
    const input = [{ type: "reasoning", summary: [], encrypted_content: item?.encrypted_content }];
    expect((await prompt(sim, "work", { input })).status).toBe(200);

    const refused = await prompt(sim, "home", { input });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: "invalid_encrypted_content" } });
  });

  it("reports at wham/usage what the headers say", async () => {
    const sim = await startSim({
      accounts: [{ alias: "work", percentPerRequest: { fiveHour: 37, weekly: 12 } }],
    });
    const answered = await prompt(sim, "work");
    const usage = await fetch(`${sim.backendUrl}/wham/usage`, {
      headers: { authorization: `Bearer ${sim.tokensOf("work").accessToken}` },
    });
    expect(await usage.json()).toMatchObject({
      email: "work@example.test",
      plan_type: "plus",
      rate_limit: {
        allowed: true,
        limit_reached: false,
        primary_window: {
          used_percent: 37,
          limit_window_seconds: 18_000,
          reset_at: Number(answered.headers.get("x-codex-primary-reset-at")),
        },
        secondary_window: { used_percent: 12, limit_window_seconds: 604_800 },
      },
      rate_limit_reached_type: null,
    });
  });
});
