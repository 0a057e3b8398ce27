const MASK = "[redacted]";

const SHAPES: readonly RegExp[] = [
  // JSON web tokens, whole or cut short.
  /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  // Bearer credentials of any shape.
  /(?<=\bBearer\s+)[^\s"',;\\]+/gi,
  // Refresh tokens and API keys of the forms seen upstream.
  /\b(?:rt|sk|sess)[-_][A-Za-z0-9._-]{8,}/g,
  // Secrets by the name of their field, in JSON (also escaped), forms and query strings.
  /(?<=\b(?:access|refresh|id)_?token\\?["']?\s*[:=]\s*\\?["']?)[^\s"'&,;}\\]+/gi,
  /(?<=\b(?:access|refresh|code_verifier|client_secret|passphrase|authorization)\\?["']\s*:\s*\\?["'])[^"'\\]+/gi,
  /(?<=[?&](?:code|state|code_verifier)=)[^\s"'&]+/gi,
];

/**
 * Masks every secret in a text on its way out: a log line, an error, an answer, a crash report.
 *
 * @param text what is about to be written
 * @param secrets values known to be secret (the pool's own tokens), masked whatever their shape
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let out = text;
  for (const secret of secrets) if (secret.length >= 6) out = out.replaceAll(secret, MASK);
  for (const shape of SHAPES) out = out.replace(shape, MASK);
  return out;
}

/** How a secret may be spoken of. */
export const presence = (secret: string | undefined | null): "present" | "absent" =>
  secret === undefined || secret === null || secret === "" ? "absent" : "present";
