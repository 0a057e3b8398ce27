import { bySubject, type Field } from "../field.ts";
import type { Figure } from "../figure.ts";
import { REFRESH } from "../sizes.ts";
import { runJob, runTogether, type Bench } from "../worker-process.ts";

interface Round {
  readonly exchanges: number;
  readonly answered: number;
  readonly lost: boolean;
}

/** Processes that need the same expired token at the same instant. */
export async function measureRefresh(field: Field): Promise<readonly Figure[]> {
  const rounds = await bySubject(field, async (fresh) => {
    const done: Round[] = [];
    for (let round = 0; round < REFRESH.rounds; round += 1) done.push(await race(field, fresh(), round));
    return done;
  });
  const count = (pick: (round: Round) => number | boolean): Figure["values"] =>
    Object.fromEntries(
      Object.entries(rounds).map(([name, done]) => [
        name,
        done.reduce((total, round) => total + Number(pick(round)), 0),
      ]),
    );
  const group = "refresh";
  return [
    {
      group,
      title: "Requests answered",
      unit: "",
      better: "more",
      values: count(({ answered }) => answered),
      of: REFRESH.rounds * REFRESH.processes * REFRESH.requests,
    },
    {
      group,
      title: `Token exchanges sent (${REFRESH.rounds} are needed)`,
      unit: "",
      better: "less",
      values: count(({ exchanges }) => exchanges),
    },
    {
      group,
      title: "Logins lost: the stored refresh token is not the valid one",
      unit: "",
      better: "less",
      values: count(({ lost }) => lost),
      of: REFRESH.rounds,
    },
  ];
}

async function race({ simulator }: Field, bench: Bench, round: number): Promise<Round> {
  const alias = `racer-${bench.name}-${round}`;
  const percentPerRequest = { fiveHour: 0, weekly: 0 };
  const account = await simulator.addAccount({ alias, percentPerRequest });
  await simulator.expireAccessToken(alias);
  const expired = { ...account, tokens: { ...account.tokens, expiresAt: Date.now() - 60_000 } };
  await runJob(bench, { kind: "seed", accounts: [expired] });
  const job = { kind: "ask", signedIn: expired, requests: REFRESH.requests } as const;
  const answers = await runTogether<"ask">(
    bench,
    Array.from({ length: REFRESH.processes }, () => job),
  );
  const exchanges = (await simulator.log({ endpoint: "token" })).filter((entry) => entry.alias === alias);
  const { accounts } = await runJob<"read">(bench, { kind: "read" });
  const valid = (await simulator.tokensOf(alias)).refreshToken;
  return {
    exchanges: exchanges.length,
    answered: answers.flatMap(({ statuses }) => statuses).filter((status) => status === 200).length,
    lost: !accounts.some(({ refreshToken }) => refreshToken === valid),
  };
}
