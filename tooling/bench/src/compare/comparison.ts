import type { Machine } from "../machine.ts";
import type { Figure } from "./figure.ts";
import type { SubjectName } from "./subject.ts";

/** One run over all subjects, as it is recorded. */
export interface Comparison {
  /** Day of the run, UTC. */
  readonly at: string;
  readonly machine: Machine;
  readonly subjects: Readonly<
    Record<SubjectName, { readonly name: string; readonly version: string; readonly commit: string }>
  >;
  readonly figures: readonly Figure[];
}
