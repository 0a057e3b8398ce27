import { bySubject, type Field } from "../field.ts";
import type { Figure } from "../figure.ts";
import { median } from "../../statistics.ts";
import { KILLS } from "../sizes.ts";
import type { Outcomes } from "../worker/task.ts";
import { runJob, runTogether, startWorker, type Bench } from "../worker-process.ts";

/** Instants after the first acknowledged update, spread over the length of several writes. */
const spread = (kill: number): number => (kill * 7) % (KILLS.latestMs + 1);

interface Round {
  readonly readable: boolean;
  readonly lostAccounts: number;
  /** Updates that the killed process was told are done, and that are gone. */
  readonly forgotten: number;
  readonly nextWorked: boolean;
  readonly nextMs: number;
}

/** Kills a process that writes without end, and looks what a later one finds and can do. */
export async function measureKills(field: Field): Promise<readonly Figure[]> {
  const rounds = await bySubject(field, async (fresh) => {
    const done: Round[] = [];
    for (let kill = 0; kill < KILLS.times; kill += 1) done.push(await killOnce(field, fresh(), spread(kill)));
    return done;
  });
  const count = (pick: (round: Round) => number | boolean): Figure["values"] =>
    each(rounds, (done) => done.reduce((total, round) => total + Number(pick(round)), 0));
  const group = "kills";
  return [
    {
      group,
      title: "Store readable afterwards",
      unit: "",
      better: "more",
      values: count((round) => round.readable),
      of: KILLS.times,
    },
    { group, title: "Accounts lost", unit: "", better: "less", values: count((round) => round.lostAccounts) },
    {
      group,
      title: "Acknowledged updates lost",
      unit: "",
      better: "less",
      values: count((round) => round.forgotten),
    },
    {
      group,
      title: "Next update works",
      unit: "",
      better: "more",
      values: count((round) => round.nextWorked),
      of: KILLS.times,
    },
    {
      group,
      title: "Reading and the next update, median",
      unit: "ms",
      better: "less",
      values: each(rounds, (done) => median(done.map(({ nextMs }) => nextMs))),
    },
    {
      group,
      title: "Reading and the next update, slowest",
      unit: "ms",
      better: "less",
      values: each(rounds, (done) => Math.max(...done.map(({ nextMs }) => nextMs))),
    },
  ];
}

async function killOnce({ accounts }: Field, bench: Bench, afterMs: number): Promise<Round> {
  await runJob(bench, { kind: "seed", accounts });
  const alias = accounts[0]?.alias ?? "";
  const writer = startWorker(bench, { kind: "write", alias });
  let acknowledged = 0;
  for await (const told of writer.told) {
    if (acknowledged === 0) setTimeout(() => writer.child.kill("SIGKILL"), afterMs);
    acknowledged = Number(told);
  }
  if (acknowledged === 0) throw new Error(`${bench.name} wrote nothing before it was killed`);
  const found = await runJob<"read">(bench, { kind: "read" }).catch(() => undefined);
  const count = found?.accounts.find((account) => account.alias === alias)?.count ?? 0;
  const next = await updateOnce(bench, alias);
  return {
    readable: found !== undefined,
    lostAccounts: accounts.length - (found?.accounts.length ?? 0),
    forgotten: Math.max(0, acknowledged - count),
    nextWorked: next.refused === 0,
    nextMs: next.tookMs,
  };
}

async function updateOnce(bench: Bench, alias: string): Promise<Outcomes["updates"]> {
  const [outcome] = await runTogether<"updates">(bench, [{ kind: "updates", alias, count: 1 }]);
  if (outcome === undefined) throw new Error("one job has one outcome");
  return outcome;
}

function each(
  rounds: Readonly<Record<string, readonly Round[]>>,
  pick: (done: readonly Round[]) => number,
): Figure["values"] {
  return Object.fromEntries(Object.entries(rounds).map(([name, done]) => [name, pick(done)]));
}
