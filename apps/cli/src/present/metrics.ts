import type { EpochMs, Metrics } from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { plain, table } from "./text.ts";
import { spokenInstant } from "./time.ts";

/** The figures as tables. */
export function metricsOverview(metrics: Metrics, now: EpochMs, { bold, dim }: Colours): string {
  if (metrics.from === null) return "no request was made yet: send a prompt in OpenCode, then ask again";
  const facts = summary(metrics, now).map(([name, text]) => [`  ${dim(name)}`, text]);
  const accounts = metrics.accounts.map(({ alias, requests, failures }) => [
    `  ${plain(alias)}`,
    String(requests),
    share(requests, metrics),
    Object.entries(failures)
      .map(([verdict, failed]) => `${failed} ${plain(verdict)}`)
      .join(", "),
  ]);
  const head = ["  ACCOUNT", "ANSWERED", "SHARE", "DID NOT SERVE"].map((title) => dim(title));
  return [bold("requests"), table(facts), "", bold("accounts"), table([head, ...accounts])].join("\n");
}

function summary(metrics: Metrics, now: EpochMs): (readonly [name: string, text: string])[] {
  const { from, requests, successRate, addedLatencyMs } = metrics;
  const others: readonly (readonly [string, number])[] = [
    ["about the request itself", requests.passedThrough],
    ["refused", requests.refused],
    ["interrupted", requests.interrupted],
    ["called off", requests.aborted],
  ];
  return [
    ["since", `${from ?? "unknown"} (${from === null ? "" : spokenInstant(from, now)})`],
    ["requests", String(requests.total)],
    [
      "served",
      `${requests.served}${successRate === null ? "" : ` (${percent(successRate)} of what could be)`}`,
    ],
    ...others.filter(([, count]) => count > 0).map(([name, count]) => [name, String(count)] as const),
    ["moved to another account", times(metrics.failovers)],
    ["failures you did not notice", String(metrics.interruptionsKept)],
    ["added before the first byte", latency(addedLatencyMs)],
  ];
}

function latency({ p50, p95 }: Metrics["addedLatencyMs"]): string {
  if (p50 === null || p95 === null) return "unknown";
  return `${Math.round(p50)} ms for half of them, ${Math.round(p95)} ms at most for 95 %`;
}

function share(answered: number, { accounts }: Metrics): string {
  const all = accounts.reduce((sum, { requests }) => sum + requests, 0);
  return all === 0 ? "" : percent(answered / all);
}

/** Rounded down: what is not whole is not shown as 100 %. */
const percent = (part: number): string => `${Math.floor(part * 1_000) / 10} %`;

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
