import type { AccountView, UpstreamSimClient } from "@open-multi-auth/upstream-sim";
import { createBench, type Bench } from "./worker-process.ts";
import { SUBJECTS, type SubjectName } from "./subject.ts";
import type { Upstream } from "./worker/closed-network.ts";

/** What all subjects are measured against, under the same conditions. */
export interface Field {
  readonly folder: string;
  readonly clones: Readonly<Record<SubjectName, string>>;
  readonly upstream: Upstream;
  readonly simulator: UpstreamSimClient;
  /** Ten accounts of the upstream. */
  readonly accounts: readonly AccountView[];
}

/** Measures one subject after the other; `fresh` makes an empty home folder for it. */
export async function bySubject<Outcome>(
  { folder, clones, upstream }: Field,
  measure: (fresh: () => Bench) => Promise<Outcome>,
): Promise<Record<SubjectName, Outcome>> {
  const outcomes: Partial<Record<SubjectName, Outcome>> = {};
  for (const name of SUBJECTS) {
    process.stderr.write(`  ${name}\n`);
    outcomes[name] = await measure(() => createBench(folder, name, clones[name], upstream));
  }
  return outcomes as Record<SubjectName, Outcome>;
}
