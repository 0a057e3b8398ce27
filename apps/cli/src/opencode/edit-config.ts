import { messageOf } from "@open-multi-auth/domain";
import { parse, type JsonArray, type JsonObject, type Node, type ObjectProp } from "jsonc-morph";
import { err, ok, type Result } from "neverthrow";

/** Where a configuration is not what OpenCode could read. `line` counts from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly problem: string;
}

/** Tells whether an entry of the list is one of ours, whatever its version. */
export type IsOurs = (spec: string) => boolean;

/** A configuration with our plugin in its list. */
export interface Added {
  readonly text: string;
  /** The list itself was not there before. */
  readonly addedList: boolean;
}

/**
 * Puts our plugin into the `plugin` list of a configuration, leaving every other byte as it is.
 *
 * An entry of ours keeps its place and its options and gets the new spec; further ones are taken out.
 */
export function withPlugin(text: string, spec: string, isOurs: IsOurs): Result<Added, ConfigProblem> {
  return read(text).map(({ root, list, toText }) => {
    const [first, ...further] = ownEntries(list, isOurs);
    for (const entry of further) entry.remove();
    if (first) specOf(first)?.setRawValue(JSON.stringify(spec));
    else if (list) list.append(spec);
    else root.append("plugin", [spec]);
    return { text: toText(), addedList: list === undefined };
  });
}

/**
 * Takes our plugin out of the `plugin` list, leaving every other byte as it is.
 *
 * @param dropList take out the list as well, if nothing else is in it
 */
export function withoutPlugin(
  text: string,
  isOurs: IsOurs,
  dropList: boolean,
): Result<string, ConfigProblem> {
  return read(text).map(({ root, list, toText }) => {
    const own = ownEntries(list, isOurs);
    if (own.length === 0) return text;
    for (const entry of own) entry.remove();
    if (dropList && list?.elements().length === 0) root.get("plugin")?.remove();
    return toText();
  });
}

/** Whether a configuration has a `plugin` list, and whether we are in it. */
export function inspect(
  text: string,
  isOurs: IsOurs,
): Result<{ hasList: boolean; own: boolean }, ConfigProblem> {
  return read(text).map(({ list }) => ({
    hasList: list !== undefined,
    own: ownEntries(list, isOurs).length > 0,
  }));
}

interface Config {
  readonly root: JsonObject;
  readonly list: JsonArray | undefined;
  readonly toText: () => string;
}

/** What OpenCode reads: JSON with comments and trailing commas, nothing looser. */
const DIALECT = {
  allowSingleQuotedStrings: false,
  allowHexadecimalNumbers: false,
  allowUnaryPlusNumbers: false,
  allowMissingCommas: false,
  allowLooseObjectPropertyNames: false,
};

function read(text: string): Result<Config, ConfigProblem> {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const body = text.slice(mark.length);
  const problem = syntaxProblem(body);
  if (problem !== undefined) return err({ line: lineOf(body, problem), problem });
  const file = parse(body, DIALECT);
  const root = file.asObjectOrCreate();
  if (!root) return err({ line: 1, problem: "the file must hold an object" });
  const named = root
    .properties()
    .filter((property: ObjectProp) => property.name()?.decodedValue() === "plugin");
  if (named.length > 1) {
    return err({ line: linesOfKey(body).at(-1) ?? 1, problem: "field plugin stands there a second time" });
  }
  const property = root.get("plugin");
  const list = property?.valueIfArray();
  if (property && !list) {
    return err({ line: linesOfKey(body)[0] ?? 1, problem: "field plugin must be a list" });
  }
  return ok({ root, list, toText: () => mark + file.toString() });
}

function syntaxProblem(text: string): string | undefined {
  try {
    parse(text, DIALECT);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown).replace("Parse error: ", "");
  }
}

/** The parser does not say where: it is the first line with which the text goes wrong in the same way. */
function lineOf(text: string, problem: string): number {
  const lines = text.split("\n");
  // What is never closed is missing at the end.
  if (problem.startsWith("Unterminated")) return lines.length;
  const index = lines.findIndex((_, last) => syntaxProblem(lines.slice(0, last + 1).join("\n")) === problem);
  return index === -1 ? lines.length : index + 1;
}

function linesOfKey(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (line.includes('"plugin"') ? [index + 1] : []));
}

function ownEntries(list: JsonArray | undefined, isOurs: IsOurs): Node[] {
  const entries: Node[] = list?.elements() ?? [];
  return entries.filter((entry) => {
    const spec = specOf(entry)?.decodedValue();
    return spec !== undefined && isOurs(spec);
  });
}

/** An entry is a spec, or a list of a spec and its options. */
function specOf(entry: Node): ReturnType<Node["asStringLit"]> {
  const first: Node | undefined = entry.asArray()?.elements()[0];
  return (first ?? entry).asStringLit();
}
