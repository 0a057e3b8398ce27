import { useAnswer } from "../../api/use-answer.ts";

interface WindowReading {
  readonly remaining: number;
  readonly resetAt: number | null;
  readonly updatedAt: number;
}

/** What was known of an account's windows when the request came. */
interface Reading {
  readonly fiveHour: WindowReading | undefined;
  readonly weekly: WindowReading | undefined;
}

interface Detail {
  readonly replay: {
    readonly candidates?: readonly {
      readonly alias: string;
      readonly observed?: Partial<Reading>;
      readonly rateLimits?: Partial<Reading>;
    }[];
  };
}

/** The readings that a selection went by, by alias; undefined until they are there. */
export function useReadings(requestId: string): ReadonlyMap<string, Reading> | undefined {
  const { value } = useAnswer("GET /api/decisions/:requestId", { params: { requestId } });
  return value && readingsOf(value);
}

/** Of each window the newer reading, as `select` takes it. */
export function readingsOf({ replay }: Detail): ReadonlyMap<string, Reading> {
  return new Map(
    (replay.candidates ?? []).map(({ alias, observed, rateLimits }) => [
      alias,
      {
        fiveHour: newest(observed?.fiveHour, rateLimits?.fiveHour),
        weekly: newest(observed?.weekly, rateLimits?.weekly),
      },
    ]),
  );
}

function newest(a: WindowReading | undefined, b: WindowReading | undefined): WindowReading | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.updatedAt >= b.updatedAt ? a : b;
}
