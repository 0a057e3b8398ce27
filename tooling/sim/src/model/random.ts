import type { Random } from "@open-multi-auth/domain";

/**
 * Random numbers that follow from a seed and a name (of a stream), the same on every machine: sfc32.
 *
 * Streams are apart, so that one more draw in one of them changes nothing in the others.
 */
export function createRandom(seed: number, stream: string): Random {
  let a = seed | 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const mixed = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + mixed) | 0;
    return (mixed >>> 0) / 2 ** 32;
  };
  for (const character of stream) {
    b = (b ^ (character.codePointAt(0) ?? 0)) | 0;
    next();
  }
  for (let round = 0; round < 12; round += 1) next();
  return { next };
}

/** A draw from the exponential distribution of that mean. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** A draw from the geometric distribution over 1, 2, 3, … of that mean. */
export function geometric(random: Random, mean: number): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - 1 / mean));
}
