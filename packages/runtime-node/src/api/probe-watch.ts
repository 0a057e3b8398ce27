import { accountsOf, type Account, type AccountId } from "@open-multi-auth/domain";
import type { ProbeReport } from "@open-multi-auth/limits-probe";
import type { Happening, ProbeProgress } from "@open-multi-auth/loopback-api";
import type { Limits } from "../limits.ts";
import type { Pool } from "../open-pool.ts";

type ProbeHappening = Extract<Happening, { type: "probe" }>;

/** The probes of a server by the aliases of the accounts. */
export interface ProbeWatch {
  progress(): ProbeProgress;
  /** Asks for a probe; its end is told. */
  start(account: Account, maySpendQuota: boolean): void;
  subscribe(listener: (event: ProbeHappening) => void): () => void;
}

export function watchProbes(pool: Pool, limits: Limits): ProbeWatch {
  const listeners = new Set<(event: ProbeHappening) => void>();
  const aliasesOf = (ids: readonly AccountId[]): string[] =>
    accountsOf(pool.store.state()).flatMap(({ id, alias }) => (ids.includes(id) ? [alias] : []));
  const progress = (): ProbeProgress => {
    const { queued, running } = limits.progress();
    return { queued: aliasesOf(queued), running: aliasesOf(running) };
  };
  const tell = (ended?: ProbeHappening["data"]["ended"]): void => {
    const data = { ...progress(), ...(ended && { ended }) };
    for (const listener of listeners) listener({ type: "probe", data });
  };
  limits.subscribe(() => tell());
  return {
    progress,
    start(account, maySpendQuota) {
      const { id } = account;
      const probed = async (): Promise<void> => {
        const report = await limits.probe(id, { maySpendQuota });
        const now = accountsOf(pool.store.state()).find((candidate) => candidate.id === id);
        tell({ alias: now?.alias ?? account.alias, ...endOf(report, now) });
      };
      void probed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type End = Omit<NonNullable<ProbeHappening["data"]["ended"]>, "alias">;

/** How it ended, as far as the account shows it. */
function endOf(report: ProbeReport, account: Account | undefined): End {
  if (report.kind === "skipped") return { outcome: report.reason === "stopped" ? "stopped" : "skipped" };
  if (report.kind === "void") return { outcome: "skipped" };
  const status = report.kind === "probed" ? STATUS[report.outcome.kind] : account?.limitStatus;
  if (status !== "error") return { outcome: status === "stopped" ? "stopped" : "success" };
  return { outcome: "error", ...(account?.limitError !== undefined && { error: account.limitError }) };
}

const STATUS = { success: "success", failure: "error", stopped: "stopped" } as const;
