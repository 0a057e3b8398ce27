/** The value below or at which `percent` of the samples lie (nearest rank). */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * sorted.length);
  const value = sorted[Math.max(0, rank - 1)];
  if (value === undefined) throw new Error("no samples to take a percentile of");
  return value;
}

/** The middle sample; of an even number the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new Error("no samples to take a median of");
  return (low + high) / 2;
}

/** What was measured twice in turn: without the thing under test, and with it. */
export interface Paired {
  readonly direct: readonly number[];
  readonly pool: readonly number[];
}

/** What the pool adds to a percentile, and the two percentiles. */
export interface Added {
  readonly direct: number;
  readonly pool: number;
  readonly added: number;
}

/**
 * The median over blocks of what the pool adds to a percentile.
 *
 * Each block compares its own direct and pooled samples, so a burst of other work on the machine spoils its block
 * and not the figure.
 */
export function addedAtPercentile(blocks: readonly Paired[], percent: number): Added {
  const direct = blocks.map((block) => percentile(block.direct, percent));
  const pool = blocks.map((block) => percentile(block.pool, percent));
  const added = pool.map((value, block) => value - (direct[block] ?? Number.NaN));
  return { direct: median(direct), pool: median(pool), added: median(added) };
}

/** The median over pairs of how many times the first the second is. */
export function pairedRatio({ direct, pool }: Paired): number {
  if (direct.length !== pool.length) throw new Error("a pair lacks its half");
  return median(pool.map((value, pair) => value / (direct[pair] ?? Number.NaN)));
}
