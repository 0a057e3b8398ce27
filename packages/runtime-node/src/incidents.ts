import type { StoreError } from "@open-multi-auth/core-store";
import { createJsonLines } from "@open-multi-auth/core-store/node";
import { incidentSchema, redact, type Clock, type Failure, type Incident } from "@open-multi-auth/domain";
import { okAsync, type ResultAsync } from "neverthrow";
import { LOG_BOUND, logReader, type LogReader } from "./logs.ts";

/** What happened to the pool, in `activity/incidents.jsonl`: bounded, of all processes, never with a secret. */
export interface IncidentLog extends LogReader<Incident> {
  /** Notes an incident; it is written at once, and nobody waits for it. */
  note(incident: Pick<Incident, "kind" | "level" | "alias" | "code" | "message">): void;
  /** Notes what failed in the background. */
  noteProblem(problem: Failure): void;
  /** Writes what is noted; a log that cannot be written is no reason to fail. */
  flush(): ResultAsync<void, never>;
  close(): ResultAsync<void, never>;
}

export function createIncidentLog(folder: string, clock: Clock): IncidentLog {
  const lines = createJsonLines({ folder, name: "incidents", clock, ...LOG_BOUND });
  const note: IncidentLog["note"] = ({ message, ...incident }) => {
    lines.append({ at: clock.now(), ...incident, message: redact(message) });
    // Rare, and often the last that a process notes; what the disk refuses now is written later.
    void lines.flush();
  };
  return {
    ...logReader(lines, (line) => incidentSchema.safeParse(line).data),
    note,
    noteProblem({ code, message, details }) {
      const alias = "alias" in details && typeof details.alias === "string" && { alias: details.alias };
      note({ kind: "problem", level: "warning", ...alias, code, message });
    },
    flush: () => quietly(lines.flush()),
    close: () => quietly(lines.close()),
  };
}

const quietly = (work: ResultAsync<void, StoreError>): ResultAsync<void, never> =>
  work.orElse(() => okAsync());
