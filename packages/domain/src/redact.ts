const MASK = "[redacted]";

/** What stands between a field's name and its value in JSON (escaped however often), forms, queries and headers. */
const IS = String.raw`\\*["']?\s*[:=]\s*\\*["']?`;
/** How the presence of a secret is spoken of. */
const SPOKEN = String.raw`(?!(?:present|absent|null|undefined)(?:[\s"'&,;}\\]|$))`;
const VALUE = String.raw`[^\s"'&,;}\\]+`;

const SHAPES: readonly RegExp[] = [
  // JSON web tokens, whole or cut short.
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  // Credentials after their scheme; a word of prose has no digit, or is shorter.
  new RegExp(String.raw`(?<=\bauthorization${IS}(?:Bearer|Basic)\s+)${VALUE}`, "gi"),
  /(?<=\bBearer\s+)(?=[^\s"',;\\]*\d[^\s"',;\\]*|[^\s"',;\\]{20})[^\s"',;\\]{8,}/gi,
  // Refresh tokens and API keys of the forms seen upstream.
  /\b(?:rt|sk|sess)[-_][A-Za-z0-9._-]{8,}/g,
  // Keys of the gateway.
  /\boma_[A-Za-z0-9_-]{40,}/g,
  // Secrets by the name of their field.
  new RegExp(String.raw`(?<=\b(?:access|refresh|id)[_-]?token${IS})${SPOKEN}${VALUE}`, "gi"),
  new RegExp(String.raw`(?<=\b(?:code_?verifier|client_?secret|device_?code)${IS})${SPOKEN}${VALUE}`, "gi"),
  /(?<=\b(?:access|refresh|passphrase|authorization)\\*["']\s*:\s*\\*["'])[^"'\\]+/gi,
  /(?<=(?:^|[?&\s])(?:code|state)=)[^\s"'&]+/gi,
  // Credentials in a URL.
  /(?<=:\/\/)[^\s/@"'\\]+(?=@)/g,
];

/**
 * Masks every secret in a text on its way out: a log line, an error, an answer, a crash report.
 *
 * @param text what is about to be written
 * @param secrets values known to be secret (the pool's own tokens), masked whatever their shape
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let out = text;
  for (const secret of longestFirst(secrets)) {
    out = out.replaceAll(secret, MASK).replaceAll(urlEncoded(secret), MASK);
  }
  for (const shape of SHAPES) out = out.replace(shape, MASK);
  return out;
}

/** Beyond printable ASCII there may be what cannot be encoded; tokens have none of it. */
const urlEncoded = (secret: string): string =>
  /^[ -~]*$/.test(secret) ? encodeURIComponent(secret) : secret;

/** So that a secret which begins another leaves no rest of it. Shorter ones would mask ordinary words. */
function longestFirst(secrets: Iterable<string>): string[] {
  return [...secrets].filter(({ length }) => length >= 6).toSorted((a, b) => b.length - a.length);
}

/** How a secret may be spoken of. */
export const presence = (secret: string | undefined | null): "present" | "absent" =>
  secret === undefined || secret === null || secret === "" ? "absent" : "present";
