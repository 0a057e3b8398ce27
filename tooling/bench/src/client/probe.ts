import { accountsOf } from "@open-multi-auth/domain";
import { openPool } from "@open-multi-auth/runtime-node";
import { openLimits } from "@open-multi-auth/runtime-node/limits";

import { finish } from "./task.ts";

/** Outcome of this client: what each probe took. */
export interface ProbeSamples {
  readonly millis: readonly number[];
  readonly requests: number;
  readonly modelTurns: number;
  readonly bytes: number;
}

const ROUNDS = 5;

const counted = { requests: 0, modelTurns: 0, bytes: 0 };

/** Lines of a head, without what HTTP/2 would save. */
const headBytes = (headers: Headers): number =>
  [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);

const countingFetch: typeof fetch = async (...args) => {
  const request = new Request(...args);
  const answer = await fetch(...args);
  const body = await answer.clone().arrayBuffer();
  counted.requests += 1;
  if (new URL(request.url).pathname.endsWith("/codex/responses")) counted.modelTurns += 1;
  counted.bytes +=
    request.url.length + headBytes(request.headers) + headBytes(answer.headers) + body.byteLength;
  return answer;
};

const pool = (await openPool({ env: process.env, fetch: countingFetch }))._unsafeUnwrap();
const limits = openLimits(pool, { fetch: countingFetch });
const accounts = accountsOf(pool.store.state());
const millis: number[] = [];
for (let round = -1; round < ROUNDS; round += 1) {
  if (round === 0) Object.assign(counted, { requests: 0, modelTurns: 0, bytes: 0 });
  for (const { id } of accounts) {
    const start = performance.now();
    const report = await limits.probe(id, { maySpendQuota: true });
    if (round >= 0) millis.push(performance.now() - start);
    const isRead = report.kind === "probed" && report.outcome.kind === "success";
    if (!isRead) throw new Error(`the probe came to nothing: ${JSON.stringify(report)}`);
  }
}
(await pool.close())._unsafeUnwrap();
finish({ millis, ...counted } satisfies ProbeSamples);
