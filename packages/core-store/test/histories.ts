import { epochMs, type Account, type EpochMs } from "@open-multi-auth/domain";
import * as fc from "fast-check";

type Entry = Account["rateLimitHistory"][number];
type Point = NonNullable<Entry["fiveHour"]>;

export const NOW = epochMs(1_800_000_000_000);

export const historyPoint = (remaining: number, resetAt: number | null): Point => ({
  remaining,
  resetAt: resetAt === null ? null : epochMs(resetAt),
});

const instant: fc.Arbitrary<EpochMs> = fc.integer({ min: 0, max: 2 ** 43 }).map(epochMs);
const point: fc.Arbitrary<Point> = fc.record({
  remaining: fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: -1000, max: 10_000 }).map((n) => n / 100),
  ),
  resetAt: fc.oneof(fc.constant(null), fc.constant(NOW), instant),
});
const entry: fc.Arbitrary<Entry> = fc.record(
  {
    at: instant,
    source: fc.constantFrom("usage-endpoint", "codex-app-server", "codex-exec", "import"),
    fiveHour: point,
    weekly: point,
  },
  { requiredKeys: ["at", "source"] },
);
const oddEntry: fc.Arbitrary<Entry> = fc.oneof(
  entry,
  entry.map((one) => ({ ...one, later: { deep: [1] } })),
  entry.map((one) => ({ ...one, weekly: { ...historyPoint(1, null), later: 1 } })),
  entry.map((one) => ({ ...one, at: epochMs(one.at + 0.5) })),
);

/** Histories within the schema; sorted ones hold nothing that a later version would add. */
export const historyOf = ({
  sorted,
  longest = 100,
}: {
  readonly sorted: boolean;
  readonly longest?: number;
}): fc.Arbitrary<Entry[]> =>
  sorted
    ? fc
        .array(entry, { minLength: 1, maxLength: longest })
        .map((entries) => entries.toSorted((a, b) => a.at - b.at))
    : fc.array(oddEntry, { maxLength: 8 });
