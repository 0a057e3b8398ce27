import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The text of every source file that ends up in a package or an app. */
export function productSources(): string[] {
  return globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: ROOT })
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .map((path) => readFileSync(ROOT + path, "utf8"));
}

const CODE = /(?:\bFailure<|\bfailure\(|\bcode:)\s*"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/g;

/** The code of every failure that is declared, built or answered. */
export function failureCodes(sources: readonly string[]): Set<string> {
  return new Set(sources.flatMap((text) => [...text.matchAll(CODE)].map(([, code]) => code ?? "")));
}

const LITERAL = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const FIXED_LETTERS = 8;

/** Texts that the sources can say, as patterns: what is filled in may be anything. */
export function sayings(sources: readonly string[]): RegExp[] {
  const literals = new Set(sources.flatMap((text) => text.match(LITERAL) ?? []));
  return [...literals].flatMap((literal) => {
    const parts = literal
      .slice(1, -1)
      .replaceAll(/\\(.)/g, "$1")
      .split(/\$\{[^}]*\}/);
    const letters = parts.join("").replaceAll(/[^a-z]/gi, "").length;
    return letters < FIXED_LETTERS ? [] : new RegExp(parts.map(escaped).join(".*"));
  });
}

const escaped = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
