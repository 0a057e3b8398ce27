import type { PoolStore, StoreError } from "@open-multi-auth/core-store";
import { createJsonLines } from "@open-multi-auth/core-store/node";
import {
  auditChanges,
  auditEntrySchema,
  type Actor,
  type AuditAction,
  type AuditEntry,
  type Clock,
  type Failure,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ok, type ResultAsync } from "neverthrow";
import { LOG_BOUND, logReader, type LogReader } from "./logs.ts";

/** Who does something, and what. */
export interface Deed {
  readonly actor: Actor;
  readonly action: AuditAction;
  /** Why, where nobody asked for it. */
  readonly reason?: string;
}

/** Who changed what, in `audit.jsonl` beside the store: bounded, of all processes, never with a secret. */
export interface AuditLog {
  readonly log: LogReader<AuditEntry>;
  /** Notes what changes nothing and is noted all the same. */
  noteDeed(deed: Deed): void;
  /** Notes the difference between two states, if there is one. */
  note(deed: Deed, before: StoreV2, after: StoreV2): void;
  /** The store, with every transaction noted once it is on disk. An entry that cannot be written undoes nothing. */
  readonly of: (deed: Deed) => PoolStore;
  readonly flush: () => ResultAsync<void, StoreError>;
  readonly close: () => ResultAsync<void, StoreError>;
}

interface Deps {
  readonly store: PoolStore;
  readonly folder: string;
  readonly clock: Clock;
  readonly onProblem: (problem: Failure) => void;
}

export function createAuditLog({ store, folder, clock, onProblem }: Deps): AuditLog {
  const lines = createJsonLines({ folder, name: "audit", clock, ...LOG_BOUND });
  const write = ({ actor, action, reason }: Deed, changes: AuditEntry["changes"]): void => {
    const entry: AuditEntry = {
      at: clock.now(),
      actor,
      action,
      ...(reason !== undefined && { reason }),
      changes,
    };
    lines.append(entry);
  };
  const note: AuditLog["note"] = (deed, before, after) => {
    const changes = auditChanges(before, after);
    if (changes.length > 0) write(deed, changes);
  };
  return {
    noteDeed: (deed) => write(deed, []),
    note,
    log: logReader(lines, (line) => auditEntrySchema.safeParse(line).data),
    of: (deed) => ({
      report: store.report,
      state: () => store.state(),
      apply: (change, urgency) => store.apply(change, urgency),
      flush: () => store.flush(),
      reload: () => store.reload(),
      subscribe: (listener) => store.subscribe(listener),
      close: () => store.close(),
      update(change, options) {
        let before = store.state();
        const noting = (state: StoreV2) => change((before = state));
        return store.update(noting, options).andThrough((after) => {
          note(deed, before, after);
          return lines.flush().orElse((problem) => ok(onProblem(problem)));
        });
      },
    }),
    flush: () => lines.flush(),
    close: () => lines.close(),
  };
}
