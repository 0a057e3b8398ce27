import { bySubject, type Field } from "../field.ts";
import type { Figure } from "../figure.ts";
import { UPDATES } from "../sizes.ts";
import { runJob, runTogether } from "../worker-process.ts";

/** Eight processes change the same store at the same time, each its own account. */
export async function measureUpdates(field: Field): Promise<readonly Figure[]> {
  const outcomes = await bySubject(field, async (fresh) => {
    const bench = fresh();
    await runJob(bench, { kind: "seed", accounts: field.accounts });
    const jobs = field.accounts
      .slice(0, UPDATES.processes)
      .map(({ alias }) => ({ kind: "updates", alias, count: UPDATES.each }) as const);
    const done = await runTogether<"updates">(bench, jobs);
    const { accounts } = await runJob<"read">(bench, { kind: "read" });
    return {
      survived: sum(accounts.map(({ count }) => count)),
      refused: sum(done.map(({ refused }) => refused)),
      tookMs: Math.max(...done.map(({ tookMs }) => tookMs)),
    };
  });
  const of = UPDATES.processes * UPDATES.each;
  const figure = (key: "survived" | "refused" | "tookMs"): Figure["values"] =>
    Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, outcome[key]]));
  return [
    {
      group: "updates",
      title: "Updates that survive",
      unit: "",
      better: "more",
      values: figure("survived"),
      of,
    },
    {
      group: "updates",
      title: "Updates refused with an error",
      unit: "",
      better: "less",
      values: figure("refused"),
    },
    {
      group: "updates",
      title: "Time of the slowest process, lost updates included",
      unit: "ms",
      better: "less",
      values: figure("tookMs"),
    },
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
