import { metricsOf, type LogEntry } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { aliasOf, byUrgency, countsText, headline, issueText, sentence, type Check } from "./checks.ts";
import { figuresOf } from "./figures.ts";
import { logGroups } from "./log-groups.ts";

const CHECKS = [check("runtime", "ok"), check("login client", "warn"), check("plugin", "fail")];

describe("headline", () => {
  it("says whether something fails before what only warns", () => {
    expect(words(...CHECKS)).toBe("1 check fails, the rest works");
    expect(words(check("a", "fail"), check("b", "fail"))).toBe("2 checks fail, the rest works");
    expect(words(check("a", "ok"), check("b", "warn"))).toBe("Everything works , 1 check warns");
    expect(words(check("a", "ok"))).toBe("Everything works");
  });

  it("puts what needs the person first, and counts the rest", () => {
    expect(byUrgency(CHECKS).map(({ name }) => name)).toEqual(["plugin", "login client", "runtime"]);
    expect(countsText(CHECKS)).toBe("1 passes, 1 warns, 1 fails");
    expect(CHECKS.map(aliasOf)).toEqual([undefined, "client", undefined]);
  });
});

describe("sentence", () => {
  it.each([
    ["no variable of ours is set", "No variable of ours is set."],
    ["off; `oma encrypt` turns it on", "Off; `oma encrypt` turns it on."],
    ["/home/mara/store.json", "/home/mara/store.json"],
    ["Node.js v24.21.0", "Node.js v24.21.0."],
    ["fresh, measured 40 s ago (usage endpoint)", "Fresh, measured 40 s ago (usage endpoint)"],
  ])("makes one of %s", (text, whole) => {
    expect(sentence(text)).toBe(whole);
  });
});

describe("issueText", () => {
  it("has every finding, and no name of the person", () => {
    const message = "/home/mara/.config/x of mara@home.example, C:\\Users\\mara\\y";
    const text = issueText(
      { ranAt: "2026-11-21T12:00:00.000Z", checks: [{ ...check("store", "ok"), message }] },
      "1.2.3",
    );
    expect(text).toContain("open-multi-auth 1.2.3");
    expect(text).toContain("- ok store: ~/.config/x of <e-mail> ~\\y");
    expect(text).not.toContain("mara");
  });
});

describe("figuresOf", () => {
  it("OBS-04: shows success, requests, what moved unseen, and the added delay", () => {
    const metrics = {
      ...metricsOf([]),
      requests: { total: 2_001, served: 1_999, passedThrough: 0, refused: 1, interrupted: 0, aborted: 1 },
      successRate: 1_999 / 2_000,
      failovers: 3,
      interruptionsKept: 2,
      addedLatencyMs: { p50: 3.24, p95: 19.6, sum: 1, samples: 1 },
    };
    expect(figuresOf(metrics, undefined, 0).map(({ title, value, note }) => [title, value, note])).toEqual([
      ["Answered", "99.9%", "1 stopped"],
      ["Requests", "2,001", ""],
      ["Moved unseen", "2", "3 moves in all"],
      ["Added delay, median", "3.2\u202Fms", ""],
      ["Added delay, p95", "20\u202Fms", ""],
    ]);
    const [answered, , , median] = figuresOf(metricsOf([]), undefined, 0);
    expect([answered?.value, median?.value]).toEqual(["–", "–"]);
  });

  it("never rounds a loss away", () => {
    expect([figures(1), figures(0.99999), figures(0.5)]).toEqual(["100%", "99.9%", "50.0%"]);
  });

  it("sums the hours of each of the last seven days", () => {
    const now = Date.parse("2026-11-21T12:00:00.000Z");
    const hour = (ago: number, requests: number) => ({
      at: new Date(now - ago * 3_600_000).toISOString(),
      requests,
      served: requests,
      refused: 0,
      interrupted: 0,
      moved: 0,
      interruptionsKept: 0,
      accounts: [],
    });
    const series = { hours: [hour(200, 9), hour(30, 2), hour(2, 3), hour(1, 4)] };
    expect(figuresOf(metricsOf([]), series, now)[1]?.days).toEqual([0, 0, 0, 0, 0, 2, 7]);
  });
});

describe("logGroups", () => {
  it("tells neighbours that say the same once, and requests each", () => {
    const entries = [
      noted("5", "warning", "same"),
      noted("4", "warning", "same"),
      noted("3", "error", "other"),
      noted("2", "info", "answered", "request"),
      noted("1", "info", "answered", "request"),
    ];
    expect(logGroups(entries, "all").map(({ entry, count, since }) => [entry.message, count, since])).toEqual(
      [
        ["same", 2, "4"],
        ["other", 1, "3"],
        ["answered", 1, "2"],
        ["answered", 1, "1"],
      ],
    );
    expect(logGroups(entries, "warning")).toHaveLength(2);
    expect(logGroups(entries, "error")).toHaveLength(1);
  });
});

function check(name: string, status: Check["status"]): Check {
  return { name, status, message: "m", ...(status !== "ok" && { fix: "f" }) };
}

const words = (...checks: Check[]) => Object.values(headline(checks)).join(" ");

const figures = (successRate: number) => figuresOf({ ...metricsOf([]), successRate }, undefined, 0)[0]?.value;

const noted = (
  at: string,
  level: LogEntry["level"],
  message: string,
  source: LogEntry["source"] = "incident",
) => ({
  at,
  level,
  source,
  aliases: [],
  message,
});
