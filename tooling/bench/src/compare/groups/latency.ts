import type { AccountView } from "@open-multi-auth/upstream-sim";
import { runtimeLabel, RUNTIMES } from "../../runtimes.ts";
import { addedAtPercentile, type Paired } from "../../statistics.ts";
import { bySubject, type Field } from "../field.ts";
import type { Figure } from "../figure.ts";
import { LATENCY } from "../sizes.ts";
import { runJob } from "../worker-process.ts";

/** What a request takes beyond a direct one. */
export async function measureLatency(field: Field): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const blocks = await bySubject(field, async (fresh) => {
      const rounds: Paired[] = [];
      for (let round = 0; round < LATENCY.processes; round += 1) {
        const bench = fresh();
        await runJob(bench, { kind: "seed", accounts: field.accounts });
        const { warmUp, pairs } = LATENCY;
        const job = { kind: "latency", ...withLogins(field.accounts), warmUp, pairs } as const;
        rounds.push(await runJob<"latency">(bench, job, runtime));
      }
      return rounds;
    });
    for (const percent of [50, 95])
      figures.push({
        group: "latency",
        title: `Added to a request, p${percent}, ${runtimeLabel(runtime)}`,
        unit: "ms",
        better: "less",
        values: Object.fromEntries(
          Object.entries(blocks).map(([name, rounds]) => [name, addedAtPercentile(rounds, percent).added]),
        ),
      });
  }
  return figures;
}

function withLogins(accounts: readonly AccountView[]) {
  const [signedIn] = accounts;
  if (signedIn === undefined) throw new Error("the simulator has no account");
  const logins = accounts.map(({ tokens, accountId }) => ({ accessToken: tokens.accessToken, accountId }));
  return { signedIn, logins };
}
