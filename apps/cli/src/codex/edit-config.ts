import { parse } from "@decimalturn/toml-patch";
import { messageOf } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { isDeepStrictEqual } from "node:util";
import { PROVIDER, providerLines } from "../gateway/codex-provider.ts";
import type { GatewayAccess } from "../gateway/install-client.ts";

/** Why a configuration cannot be edited. `line` counts from 1. */
export interface TomlProblem {
  readonly line?: number;
  readonly problem: string;
}

/** The line that chooses the gateway: the first of the file, where no table has begun. */
const CHOICE = `model_provider = "${PROVIDER}" # oma install codex`;
/** Before a line of the person's in whose place the choice stands. */
const ASIDE = "# kept by oma install codex: ";
const BEGIN = /^# >>> open-multi-auth, key "([A-Za-z0-9._-]+)"(, new file)? \(oma install codex\)$/;
const END = "# <<< open-multi-auth";

/**
 * Has a configuration ask the gateway. Every line of the person's stays, byte for byte; the choice of another provider is
 * a comment until the gateway is taken out again. What comes of it is read once more: it says what it said before, and
 * the gateway beside.
 *
 * @param text null where there is no file
 */
export function withGateway(text: string | null, access: GatewayAccess): Result<string, TomlProblem> {
  const bare = (text === null ? null : withoutGateway(text)) ?? "";
  const isNew = text === null || withoutGateway(text) === null;
  return read(bare).andThen((before) => {
    const { model_providers: providers = {} } = before;
    if (typeof providers !== "object" || providers === null || Object.hasOwn(providers, PROVIDER))
      return err({ problem: `model_providers.${PROVIDER} was not written by oma` });
    return read([CHOICE, ...providerLines(access.port, access.key)].join("\n")).andThen((gateway) => {
      // What parsing gives has no prototype: what is compared with it must have been parsed too.
      const all = Object.assign(gateway.model_providers ?? {}, providers);
      const wanted = Object.assign(gateway, { ...before, model_provider: PROVIDER, model_providers: all });
      const edited = candidates(bare, access, isNew).find((candidate) => says(candidate, wanted));
      return edited === undefined
        ? err({ problem: "model_provider or model_providers is set in a way that oma does not edit" })
        : ok(edited);
    });
  });
}

function says(text: string, wanted: Toml): boolean {
  return read(text).match(
    (toml) => isDeepStrictEqual(toml, wanted),
    () => false,
  );
}

/** Takes the gateway out of a configuration again; null where there was no file before. */
export function withoutGateway(text: string): string | null {
  const lines = linesOf(text);
  const begin = lines.findIndex((line) => BEGIN.test(line.trimEnd()));
  const isNew = begin !== -1 && BEGIN.exec(lines[begin]?.trimEnd() ?? "")?.[2] !== undefined;
  const [before, after] =
    begin === -1 ? [lines, []] : [lines.slice(0, begin), lines.slice(blockEnd(lines, begin))];
  // A file that did not end its last line does not do so again.
  const isUnended = after[0] === END;
  const last = isUnended ? before.map((line, at) => (at === begin - 1 ? unended(line) : line)) : before;
  const rest = [...last, ...after]
    .filter((line) => line.trimEnd() !== CHOICE && line.trimEnd() !== END)
    .map((line) => (line.startsWith(ASIDE) ? line.slice(ASIDE.length) : line))
    .join("");
  return rest === "" && isNew ? null : markOf(text) + rest;
}

/**
 * Where the gateway's block ends: at its last line, or at a table that came into it. The Codex CLI itself adds tables at
 * the end of its file (a project that is trusted, a server of tools), and keeps the comments there behind them.
 */
function blockEnd(lines: readonly string[], begin: number): number {
  if (!OWN_TABLE.test(lines[begin + 1] ?? "")) return begin + 1;
  const ends = (line: string, at: number): boolean =>
    at > begin && (line.trimEnd() === END || (TABLE.test(line) && !OWN_TABLE.test(line)));
  let end = lines.findIndex(ends);
  if (end === -1) return lines.length;
  // The lines above a table are about it.
  while (lines[end]?.trimEnd() !== END && ABOVE.test(lines[end - 1] ?? "")) end -= 1;
  return end;
}

const TABLE = /^\s*\[/;
const OWN_TABLE = new RegExp(`^\\s*\\[model_providers\\.${PROVIDER}[\\].]`);
const ABOVE = /^\s*(?:#.*)?$/;

/** The key that stands in a configuration. */
export function keyIn(text: string): string | undefined {
  return linesOf(text).flatMap((line) => KEY.exec(line)?.[1] ?? [])[0];
}

const KEY = /^experimental_bearer_token = "(oma_[A-Za-z0-9_-]+)"/;

interface Toml {
  readonly model_providers?: unknown;
  readonly profile?: unknown;
  readonly profiles?: unknown;
}

/** The profile that a configuration uses, where that chooses another provider: it wins over what stands above. */
export function otherProfile(text: string): string | undefined {
  return read(text).match(
    ({ profile, profiles }) => {
      if (typeof profile !== "string" || typeof profiles !== "object" || profiles === null) return undefined;
      const chosen: unknown = Object.entries(profiles).find(([name]) => name === profile)?.[1];
      const hasOwn = typeof chosen === "object" && chosen !== null && "model_provider" in chosen;
      return hasOwn && chosen.model_provider !== PROVIDER ? profile : undefined;
    },
    () => undefined,
  );
}

function read(text: string): Result<Toml, TomlProblem> {
  try {
    const toml: Toml = parse(text);
    return ok(toml);
  } catch (thrown) {
    const problem = messageOf(thrown).trimEnd().split("\n").at(-1) ?? "it is not TOML";
    const line = typeof thrown === "object" && thrown !== null && "line" in thrown ? Number(thrown.line) : 1;
    return err({ line, problem });
  }
}

/** The text with the gateway, for every line that may be the person's own choice; and for none. */
function candidates(bare: string, { port, key, keyName }: GatewayAccess, isNew: boolean): readonly string[] {
  const mark = markOf(bare);
  const lines = linesOf(bare);
  const newline = bare.includes("\r\n") ? "\r\n" : "\n";
  const isEnded = lines.length === 0 || lines.at(-1)?.endsWith("\n") === true;
  const begin = `# >>> open-multi-auth, key "${keyName}"${isNew ? ", new file" : ""} (oma install codex)`;
  const block = [begin, ...providerLines(port, key), END].join(newline);
  const appended = isEnded ? block + newline : newline + block;
  const choices = lines.flatMap((line, at) => (CHOOSES.test(line) ? [at] : []));
  return [undefined, ...choices].map((chosen) => {
    const kept = lines.map((line, at) => (at === chosen ? ASIDE + line : line)).join("");
    return `${mark}${CHOICE}${newline}${kept}${appended}`;
  });
}

const CHOOSES = /^\s*["']?model_provider["']?\s*=/;

/** A byte order mark, which is the beginning of no line. */
const markOf = (text: string): string => (text.startsWith("\uFEFF") ? "\uFEFF" : "");

/** Lines with what ends them. */
const linesOf = (text: string): string[] =>
  text
    .slice(markOf(text).length)
    .split(/(?<=\n)/)
    .filter((line) => line !== "");

const unended = (line: string): string => line.replace(/\r?\n$/, "");
