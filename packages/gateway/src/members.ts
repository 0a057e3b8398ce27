const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** Where a part of a JSON text is: from its first byte to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of the outermost object: its name's quote is at `at`, its value at `value`. */
export interface Member {
  readonly at: number;
  readonly value: Span;
}

/** Tells of a member by its name; false where that is all that was wanted. */
type OnMember = (name: string, member: Member) => boolean;

/**
 * The members of the outermost object of a JSON text, found in its bytes without parsing it: a request of a megabyte is
 * looked through in a fraction of the time that parsing it takes. Of several with one name the last is kept, as parsers do.
 *
 * @returns undefined where the text is no object
 */
export function topLevelMembers(json: Uint8Array): ReadonlyMap<string, Member> | undefined {
  const members = new Map<string, Member>();
  const isObject = walkMembers(json, (name, member) => {
    members.set(name, member);
    return true;
  });
  return isObject ? members : undefined;
}

/** Goes through the members in turn for as long as more are wanted; false where the text is no object, as far as it went. */
export function walkMembers(json: Uint8Array, onMember: OnMember): boolean {
  let at = blanksEnd(json, 0);
  if (json[at] !== OPEN_BRACE) return false;
  at = blanksEnd(json, at + 1);
  if (json[at] === CLOSE_BRACE) return true;
  for (;;) {
    if (json[at] !== QUOTE) return false;
    const nameEnd = textEnd(json, at);
    const colon = blanksEnd(json, nameEnd);
    if (json[colon] !== COLON) return false;
    const start = blanksEnd(json, colon + 1);
    const end = valueEnd(json, start);
    if (end === start) return false;
    if (!onMember(nameIn(json, at + 1, nameEnd - 1), { at, value: { start, end } })) return true;
    at = blanksEnd(json, end);
    if (json[at] === CLOSE_BRACE) return true;
    if (json[at] !== COMMA) return false;
    at = blanksEnd(json, at + 1);
  }
}

/** The elements of the array that begins at `start`, in turn; looked for only as far as they are asked for. */
export function* elements(json: Uint8Array, start: number): Generator<Span> {
  let at = blanksEnd(json, start + 1);
  while (at < json.length && json[at] !== CLOSE_BRACKET) {
    const end = valueEnd(json, at);
    if (end === at) return;
    yield { start: at, end };
    at = blanksEnd(json, end);
    if (json[at] === COMMA) at = blanksEnd(json, at + 1);
  }
}

/** Whether a text, an array begins there. */
export const isText = (json: Uint8Array, at: number): boolean => json[at] === QUOTE;
export const isArray = (json: Uint8Array, at: number): boolean => json[at] === OPEN_BRACKET;

/** The bytes of a part as text. */
export const textOf = (json: Uint8Array, { start, end }: Span): string =>
  decoder.decode(json.subarray(start, end));

const decoder = new TextDecoder();

/** Names that matter are short and plain. */
function nameIn(json: Uint8Array, start: number, end: number): string {
  let name = "";
  for (let at = start; at < end; at += 1) name += String.fromCharCode(json[at] ?? 0);
  return name;
}

function blanksEnd(json: Uint8Array, from: number): number {
  let at = from;
  for (let byte = json[at]; byte === 32 || byte === 10 || byte === 13 || byte === 9; byte = json[at]) at += 1;
  return at;
}

function valueEnd(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return textEnd(json, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return nestedEnd(json, start);
  let at = start;
  for (let byte = json[at]; isPlain(byte); byte = json[at]) at += 1;
  return at;
}

function isPlain(byte: number | undefined): boolean {
  if (byte === undefined || byte <= 32) return false;
  return byte !== COMMA && byte !== CLOSE_BRACE && byte !== CLOSE_BRACKET && byte !== COLON && byte !== QUOTE;
}

function nestedEnd(json: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = textEnd(json, at);
      continue;
    }
    at += 1;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return start;
}

/** After the quote that ends the text which begins at `open`; the end of everything where none does. */
function textEnd(json: Uint8Array, open: number): number {
  let quote = json.indexOf(QUOTE, open + 1);
  while (quote !== -1 && isEscaped(json, quote)) quote = json.indexOf(QUOTE, quote + 1);
  return quote === -1 ? json.length : quote + 1;
}

function isEscaped(json: Uint8Array, quote: number): boolean {
  let before = quote - 1;
  while (json[before] === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 0;
}
