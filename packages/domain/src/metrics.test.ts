import { describe, expect, it } from "vitest";
import { decisionRecordSchema, type DecisionRecord } from "./decision-record.ts";
import { createMetricsTally, metricsOf, metricsSchema } from "./metrics.ts";
import { metricsText } from "./metrics-text.ts";

const AT = 1_795_262_400_000;

describe("metricsOf", () => {
  it("says nothing of what never was", () => {
    expect(metricsOf([])).toMatchObject({
      from: null,
      to: null,
      successRate: null,
      addedLatencyMs: { p50: null, p95: null, sum: 0, samples: 0 },
      accounts: [],
    });
  });

  it("counts a request that moved as one, with a failure of the first account", () => {
    const metrics = metricsOf([
      record({ attempts: [attempt("a", "quota", 20), attempt("b", "served", 100)], firstByteMs: 125 }),
    ]);
    expect(metrics).toMatchObject({
      from: "2026-11-21T12:00:00.000Z",
      to: "2026-11-21T12:00:00.000Z",
      requests: { total: 1, served: 1 },
      successRate: 1,
      failovers: 1,
      interruptionsKept: 1,
      addedLatencyMs: { p50: 25, p95: 25, sum: 25, samples: 1 },
      accounts: [
        { alias: "a", requests: 0, failures: { quota: 1 } },
        { alias: "b", requests: 1, failures: {} },
      ],
    });
    expect(metricsSchema.safeParse(metrics).error).toBeUndefined();
  });

  it("holds against the pool only what it could have served", () => {
    const { requests, successRate } = metricsOf([
      ...Array.from({ length: 8 }, () => record({})),
      record({ outcome: "refused", selectedAlias: null, attempts: [], firstByteMs: null }),
      record({ outcome: "interrupted", attempts: [attempt("a", "transient")] }),
      record({ outcome: "aborted" }),
      record({ outcome: "passed-through", attempts: [attempt("a", "request-error")] }),
    ]);
    expect(requests).toEqual({
      total: 12,
      served: 8,
      refused: 1,
      interrupted: 1,
      aborted: 1,
      passedThrough: 1,
    });
    expect(successRate).toBe(0.8);
  });

  it("keeps what was no failure, or was noticed, out of what was kept from the person", () => {
    const none = [
      record({ attempts: [attempt("a", "foreign-content"), attempt("a", "served")] }),
      record({ outcome: "refused", attempts: [attempt("a", "quota"), attempt("b", "quota")] }),
      record({ outcome: "interrupted", attempts: [attempt("a", "transient")] }),
    ];
    expect(metricsOf(none).interruptionsKept).toBe(0);
    const renewed = record({ attempts: [attempt("a", "auth"), attempt("a", "served")] });
    expect(metricsOf([renewed])).toMatchObject({ interruptionsKept: 1, failovers: 0 });
  });

  it("gives percentiles by nearest rank, of the newest answers where there are many", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => taking(100 - index));
    expect(metricsOf(hundred).addedLatencyMs).toEqual({ p50: 50, p95: 95, sum: 5_050, samples: 100 });
    const tally = createMetricsTally();
    for (const one of hundred) tally.add(one);
    for (let more = 0; more < 10_000; more += 1) tally.add(taking(1));
    expect(tally.metrics().addedLatencyMs).toMatchObject({ p50: 1, p95: 1, samples: 10_100 });
  });

  it("never takes a clock that was set for a negative latency", () => {
    const { addedLatencyMs } = metricsOf([
      record({ firstByteMs: 5, attempts: [attempt("a", "served", 4_000)] }),
    ]);
    expect(addedLatencyMs.p50).toBe(0);
  });
});

describe("metricsText", () => {
  it("is Prometheus' text format, line by line", () => {
    const metrics = metricsOf([
      record({ attempts: [attempt("a", "quota", 20), attempt("b", "served", 100)], firstByteMs: 125 }),
    ]);
    const text = metricsText(metrics, []);
    expect(text).toContain('open_multi_auth_requests_total{outcome="served"} 1\n');
    expect(text).toContain("open_multi_auth_failovers_total 1\n");
    expect(text).toContain('open_multi_auth_account_requests_total{alias="b"} 1\n');
    expect(text).toContain('open_multi_auth_account_failures_total{alias="a",verdict="quota"} 1\n');
    expect(text).toContain('open_multi_auth_added_latency_seconds{quantile="0.95"} 0.025\n');
    expect(text).toContain("open_multi_auth_added_latency_seconds_count 1\n");
    const line =
      /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/;
    for (const one of text.trimEnd().split("\n")) expect(one).toMatch(line);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("escapes what a log may hold in the place of an alias", () => {
    const text = metricsText(metricsOf([record({ selectedAlias: 'x"\\\n' })]), []);
    expect(text).toContain('{alias="x\\"\\\\\\n"} 1');
  });
});

const taking = (ms: number): DecisionRecord =>
  record({ firstByteMs: ms + 10, attempts: [attempt("a", "served", 10)] });

function attempt(alias: string, verdict: DecisionRecord["attempts"][0]["verdict"], ms = 10) {
  return { alias, verdict, ms };
}

function record(over: Partial<DecisionRecord>): DecisionRecord {
  return decisionRecordSchema.parse({
    requestId: "r",
    at: AT,
    strategy: "round-robin",
    selectedAlias: over.attempts?.at(-1)?.alias ?? "a",
    why: "rotation",
    fallbackReason: null,
    forceState: { active: false },
    enabledState: { enabled: 2, disabled: 0 },
    candidates: [],
    attempts: [attempt("a", "served")],
    outcome: "served",
    firstByteMs: 10,
    totalMs: 20,
    replay: { now: AT },
    ...over,
  });
}
