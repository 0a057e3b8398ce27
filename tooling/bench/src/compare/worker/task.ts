import type { AccountView } from "@open-multi-auth/upstream-sim";
import type { Login } from "../../client/task.ts";
import type { SubjectName } from "../subject.ts";
import type { Upstream } from "./closed-network.ts";

/** What a process of a subject is told. */
export interface Task {
  readonly subject: SubjectName;
  /** The clone, for those that are not ours. */
  readonly clone: string;
  readonly upstream: Upstream;
  readonly job: Job;
}

export type Job =
  | { readonly kind: "seed"; readonly accounts: readonly AccountView[] }
  | {
      readonly kind: "latency";
      readonly signedIn: AccountView;
      readonly logins: readonly Login[];
      readonly warmUp: number;
      readonly pairs: number;
    }
  | { readonly kind: "updates"; readonly alias: string; readonly count: number }
  | { readonly kind: "write"; readonly alias: string }
  | { readonly kind: "read" }
  | { readonly kind: "ask"; readonly signedIn: AccountView; readonly requests: number };

/** Results of the jobs. */
export interface Outcomes {
  readonly seed: null;
  readonly latency: { readonly direct: readonly number[]; readonly pool: readonly number[] };
  /** How many changes were refused, and the time that reading and all changes took. */
  readonly updates: { readonly refused: number; readonly tookMs: number };
  /** Never: it is killed. Each acknowledged change is a line. */
  readonly write: null;
  readonly read: { readonly accounts: readonly { alias: string; count: number; refreshToken: string }[] };
  readonly ask: { readonly statuses: readonly number[] };
}
