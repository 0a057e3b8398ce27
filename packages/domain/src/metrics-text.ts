import type { AccountView } from "./account-view.ts";
import type { Metrics } from "./metrics.ts";

const PREFIX = "open_multi_auth_";

/** What `oma metrics --prometheus` and `GET /api/metrics` are sent as. */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Metrics and the present state of the accounts in Prometheus' text format (version 0.0.4).
 *
 * @param views of the accounts there are now
 */
export function metricsText(metrics: Metrics, views: readonly AccountView[]): string {
  const { requests, accounts, addedLatencyMs } = metrics;
  return [
    ...family("requests_total", "counter", "Requests by how they ended.", [
      [{ outcome: "served" }, requests.served],
      [{ outcome: "passed-through" }, requests.passedThrough],
      [{ outcome: "refused" }, requests.refused],
      [{ outcome: "interrupted" }, requests.interrupted],
      [{ outcome: "aborted" }, requests.aborted],
    ]),
    ...family("failovers_total", "counter", "How often a request went on to another account.", [
      [{}, metrics.failovers],
    ]),
    ...family(
      "interruptions_kept_total",
      "counter",
      "Requests that were served although an account had failed them.",
      [[{}, metrics.interruptionsKept]],
    ),
    ...family(
      "success_ratio",
      "gauge",
      "Served, of all that the pool could have served.",
      metrics.successRate === null ? [] : [[{}, metrics.successRate]],
    ),
    ...latency(addedLatencyMs),
    ...family(
      "account_requests_total",
      "counter",
      "Requests that the account answered.",
      accounts.map(({ alias, requests: answered }) => [{ alias }, answered]),
    ),
    ...family(
      "account_failures_total",
      "counter",
      "Requests that the account was sent and did not serve.",
      accounts.flatMap(({ alias, failures }) =>
        Object.entries(failures).map(([verdict, failed]) => [{ alias, verdict }, failed] as const),
      ),
    ),
    ...accountGauges(views),
    "",
  ].join("\n");
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric without samples is left out. */
function family(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  return [
    `# HELP ${PREFIX}${name} ${help}`,
    `# TYPE ${PREFIX}${name} ${type}`,
    ...samples.map(([labels, value]) => line(name, labels, value)),
  ];
}

function latency({ p50, p95, sum, samples }: Metrics["addedLatencyMs"]): string[] {
  const name = "added_latency_seconds";
  const quantiles = [
    ["0.5", p50],
    ["0.95", p95],
  ] as const;
  return [
    ...family(
      name,
      "summary",
      "Time to the first byte without that of the account which answered.",
      quantiles.flatMap(([quantile, ms]) => (ms === null ? [] : [[{ quantile }, ms / 1_000] as const])),
    ),
    ...(samples === 0 ? [] : [line(`${name}_sum`, {}, sum / 1_000), line(`${name}_count`, {}, samples)]),
  ];
}

function accountGauges(views: readonly AccountView[]): string[] {
  const flag = (name: string, help: string, of: (view: AccountView) => boolean): string[] =>
    family(
      name,
      "gauge",
      help,
      views.map((view) => [{ alias: view.alias }, of(view) ? 1 : 0]),
    );
  return [
    ...flag("account_enabled", "Whether the account may be used.", ({ enabled }) => enabled),
    ...flag(
      "account_eligible",
      "Whether the account can serve now.",
      ({ eligibility }) => eligibility.eligible,
    ),
    ...family(
      "account_remaining_percent",
      "gauge",
      "Percent left of a window when it was last measured.",
      views.flatMap(({ alias, limits }) =>
        (["fiveHour", "weekly"] as const).flatMap((window): Sample[] => {
          const remaining = limits?.[window]?.remaining;
          return remaining === undefined ? [] : [[{ alias, window }, remaining]];
        }),
      ),
    ),
  ];
}

function line(name: string, labels: Sample[0], value: number): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${PREFIX}${name}${texts.length === 0 ? "" : `{${texts.join(",")}}`} ${value}`;
}

/** A log may hold anything. */
const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
