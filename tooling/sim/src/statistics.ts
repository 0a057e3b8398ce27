/** A mean, and how far the truth may be from it (95 %). */
export interface Estimate {
  readonly mean: number;
  readonly margin: number;
}

/** Mean and 95 % confidence interval by Student's t; the margin of a single value is infinite. */
export function estimate(values: readonly number[]): Estimate {
  const mean = meanOf(values);
  const { length } = values;
  return {
    mean,
    margin: length < 2 ? Infinity : tQuantile(length - 1) * Math.sqrt(variance(values) / length),
  };
}

/** How one thing compares with another over the same seeds. */
export interface Comparison extends Estimate {
  /** Seeds on which the first was smaller, and larger. */
  readonly smaller: number;
  readonly larger: number;
  /** Significantly more (95 %): by the paired t test, or by the sign test, which outliers do not sway. */
  readonly isMore: boolean;
  readonly isLess: boolean;
}

/** Compares two rows of values that have their seeds in common, pair by pair. */
export function comparePaired(first: readonly number[], second: readonly number[]): Comparison {
  if (first.length !== second.length) throw new Error("a pair lacks its half");
  const differences = first.map((value, seed) => value - (second[seed] ?? Number.NaN));
  const { mean, margin } = estimate(differences);
  const smaller = differences.filter((difference) => difference < 0).length;
  const larger = differences.filter((difference) => difference > 0).length;
  const bySign = signTest(smaller, larger) < 0.05;
  return {
    mean,
    margin,
    smaller,
    larger,
    isMore: mean - margin > 0 || (bySign && larger > smaller),
    isLess: mean + margin < 0 || (bySign && smaller > larger),
  };
}

/** The two-sided probability of a split at least this uneven, were both sides equally likely. */
export function signTest(smaller: number, larger: number): number {
  const count = smaller + larger;
  let sum = 0;
  let ways = 1;
  for (let few = 0; few <= Math.min(smaller, larger); few += 1) {
    sum += ways;
    ways = (ways * (count - few)) / (few + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** count);
}

/**
 * Whether a published mean may be of the same thing as these values: the difference of two such means is within its
 * 95 % interval, which takes the published one to have spread like ours. `rounding` is half its last digit.
 */
export function mayBeMeanOf(
  published: number,
  values: readonly number[],
  { publishedCount, rounding }: { publishedCount: number; rounding: number },
): boolean {
  const { length } = values;
  if (length < 2) return false;
  const error = Math.sqrt(variance(values) * (1 / length + 1 / publishedCount));
  return Math.abs(meanOf(values) - published) <= tQuantile(length - 1) * error + rounding;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

function tQuantile(degrees: number): number {
  return QUANTILES[degrees - 1] ?? 1.96 + 2.46 / degrees;
}
