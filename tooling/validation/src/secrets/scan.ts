/** Something that looks like a real secret; its text is never repeated. */
export interface Finding {
  readonly kind: string;
  readonly line: number;
}

interface Shape {
  readonly kind: string;
  readonly pattern: RegExp;
  /** The part that must be random; the whole match where there is none. */
  readonly random?: (match: string) => string;
}

const SHAPES: readonly Shape[] = [
  {
    kind: "JSON web token",
    pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g,
    random: (token) => token.slice(token.lastIndexOf(".") + 1),
  },
  { kind: "refresh token", pattern: /\brt[._][\w.-]{30,}/g },
  { kind: "API key", pattern: /\b(?:sk|sess|pk)-(?:proj-|ant-|svcacct-)?[\w-]{24,}/g },
  { kind: "key of a local gateway", pattern: /\boma_[A-Za-z0-9_-]{32,}/g },
  { kind: "GitHub token", pattern: /\b(?:gh[opsu]_[A-Za-z0-9]{36}|github_pat_\w{60,})/g },
  { kind: "npm token", pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { kind: "cloud key", pattern: /\bAKIA[A-Z0-9]{16}\b/g },
  { kind: "private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64,}/g },
];

/** Bits a character of what chance made has at least; words, counters and canaries stay below. */
const RANDOM_BITS = 3.6;

/**
 * Finds what has the shape of a real secret and is as random as one.
 *
 * Tokens of tests are words and counters (`rt_work_2_canary`), so they are not taken for secrets.
 */
export function scanText(text: string): Finding[] {
  return SHAPES.flatMap(({ kind, pattern, random }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: match, index }) =>
      isRandom(random === undefined ? match : random(match))
        ? [{ kind, line: text.slice(0, index).split("\n").length }]
        : [],
    ),
  );
}

/** Chance mixes cases and digits, repeats little, and spells hardly a word. */
function isRandom(text: string): boolean {
  const plain = text
    .split(/[\W_]+/)
    .filter(isPlain)
    .join("");
  return entropy(text) >= RANDOM_BITS && plain.length < text.length / 5;
}

/** A word, or signs in their order. */
const isPlain = (part: string): boolean => /^(?:[A-Z]?[a-z]{4,}|\d{5,}|0123456.*|abcdef.*)$/.test(part);

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((bits, n) => bits - (n / text.length) * Math.log2(n / text.length), 0);
}
