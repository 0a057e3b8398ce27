import { epochMs, type Account } from "@open-multi-auth/domain";

/** An account's history as the store keeps it. */
type History = Account["rateLimitHistory"];
type Entry = History[number];
type Point = NonNullable<Entry["fiveHour"]>;

/** The field of a stored account that holds its history in short; `rateLimitHistory` itself is then empty. */
export const PACKED = "rateLimitHistoryPacked";

/** The newest entries, which are kept. */
const MOST = 100;

/** Each source by its letter. */
const SOURCES = new Map<string, Entry["source"]>([
  ["u", "usage-endpoint"],
  ["a", "codex-app-server"],
  ["e", "codex-exec"],
  ["i", "import"],
]);
const LETTERS = new Map([...SOURCES].map(([letter, source]) => [source, letter]));

const INSTANT = String.raw`\d{1,15}`;
const REMAINING = String.raw`(?:x|-?\d{1,15}(?:\.\d{1,17})?)?`;
const RESET = `(?:n|${INSTANT})?`;
const ROW = `(?:${INSTANT})?,[uaei]?,${REMAINING},${RESET},${REMAINING},${RESET}`;
const FORM = new RegExp(`^${ROW}(?:;${ROW}){0,${MOST - 1}}$`);

/** What every entry is told from: the first one from this. */
const START: readonly string[] = ["u", "x", "n", "x", "n"];

/** Texts of histories that were packed or unpacked here; histories are immutable. */
const texts = new WeakMap<History, string>();

/**
 * Whether a text is a packed history. Any such text unpacks to entries within the schema, so nothing else has to be
 * checked of it.
 */
export const isPacked = (text: unknown): text is string => typeof text === "string" && FORM.test(text);

/**
 * A history in short: entries parted by `;`, of each how long after the one before it (ms), the source, and of both
 * windows what remained (`x`: not told) and when it would reset (`n`: not known), parted by `,`. What is the same as
 * in the entry before is left out.
 *
 * @returns `undefined` for a history that has no such form: one with fields that are not known here, with fractions
 * of milliseconds, or out of order
 */
export function packHistory(history: History): string | undefined {
  const known = texts.get(history);
  if (known !== undefined) return known;
  let at = 0;
  let cells = START;
  const rows: string[] = [];
  for (const entry of history) {
    const next = isPlain(entry) ? cellsOf(entry, cells) : undefined;
    if (next === undefined) return undefined;
    rows.push([entry.at - at, ...next.map((cell, column) => (cell === cells[column] ? "" : cell))].join(","));
    at = entry.at;
    cells = next;
  }
  const text = rows.join(";");
  if (!isPacked(text)) return undefined;
  texts.set(history, text);
  return text;
}

/** The history that a text is short for. */
export function unpackHistory(text: string): History {
  let at = 0;
  let cells = START;
  const history = text.split(";").map((row) => {
    const [later = "", ...changed] = row.split(",");
    at += Number(later);
    cells = cells.map((cell, column) => changed[column] || cell);
    return entryOf(at, cells);
  });
  texts.set(history, text);
  return history;
}

/** The newest entries of a packed history and of what was added to it in full, by a version that packs none. */
export const joinHistory = (packed: string, added: History): History =>
  added.length === 0 ? unpackHistory(packed) : [...unpackHistory(packed), ...added].slice(-MOST);

function cellsOf({ source, fiveHour, weekly }: Entry, before: readonly string[]): readonly string[] {
  const [, , fiveHourReset = "", , weeklyReset = ""] = before;
  return [
    LETTERS.get(source) ?? "",
    ...cellsOfPoint(fiveHour, fiveHourReset),
    ...cellsOfPoint(weekly, weeklyReset),
  ];
}

const cellsOfPoint = (point: Point | undefined, resetBefore: string): readonly [string, string] =>
  point === undefined ? ["x", resetBefore] : [String(point.remaining), String(point.resetAt ?? "n")];

function entryOf(at: number, cells: readonly string[]): Entry {
  const [letter = "", fiveHour = "", fiveHourReset = "", weekly = "", weeklyReset = ""] = cells;
  const entry: Entry = { at: epochMs(at), source: SOURCES.get(letter) ?? "import" };
  if (fiveHour !== "x") entry.fiveHour = pointOf(fiveHour, fiveHourReset);
  if (weekly !== "x") entry.weekly = pointOf(weekly, weeklyReset);
  return entry;
}

const pointOf = (remaining: string, resetAt: string): Point => ({
  remaining: Number(remaining),
  resetAt: resetAt === "n" ? null : epochMs(Number(resetAt)),
});

/** Whether an entry holds nothing that its short form would lose. */
const isPlain = (entry: Entry): boolean =>
  hasOnly(entry, ["at", "source", "fiveHour", "weekly"]) &&
  [entry.fiveHour, entry.weekly].every(
    (point) => point === undefined || hasOnly(point, ["remaining", "resetAt"]),
  );

const hasOnly = (fields: object, names: readonly string[]): boolean =>
  Object.keys(fields).every((name) => names.includes(name));
