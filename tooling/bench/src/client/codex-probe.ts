import { accountsOf } from "@open-multi-auth/domain";
import { openPool } from "@open-multi-auth/runtime-node";
import { codexProbes } from "@open-multi-auth/runtime-node/codex-probes";

import { startCountingProxy, type Traffic } from "./counting-proxy.ts";
import { finish } from "./task.ts";

/** What one way of asking took: the time of each probe, and the traffic of all of them. */
export interface CodexSamples extends Traffic {
  readonly millis: readonly number[];
}

/** Outcome of this client, by the source's name. */
export type CodexProbeSamples = Readonly<Record<string, CodexSamples>>;

const ROUNDS = 5;

const { url, traffic } = await startCountingProxy(process.env["OPENCODE_MULTI_AUTH_UPSTREAM_URL"] ?? "");
const env = { ...process.env, OPENCODE_MULTI_AUTH_UPSTREAM_URL: url };
const pool = (await openPool({ env }))._unsafeUnwrap();
const [account] = accountsOf(pool.store.state());
if (account === undefined) throw new Error("the store holds no account");

const samples: Record<string, CodexSamples> = {};
for (const runner of codexProbes(pool, env)) {
  const millis: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    if (round === 0) Object.assign(traffic, { requests: 0, modelTurns: 0, bytes: 0 });
    const start = performance.now();
    const { result } = await runner.run(account, new AbortController().signal);
    if (round >= 0) millis.push(performance.now() - start);
    result._unsafeUnwrap();
  }
  samples[runner.kind] = { millis, ...traffic };
}
(await pool.close())._unsafeUnwrap();
finish(samples satisfies CodexProbeSamples);
