import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { parseArgs } from "node:util";
import type { Argument, Command, Input } from "./command.ts";

/** The command line is not one that the command understands. `fix` says how to call it. */
export type UsageError = Failure<"USAGE", { fix: string }>;

/** What `--help` asks for; any other line is checked. */
export type Parsed = Input | "help";

const HELP = new Set(["--help", "-h"]);

/**
 * Checks a command line against what the command declares. Words stay the text that was typed: an alias may be `007`.
 *
 * @param args what follows the command's name; after `--`, words may begin with a dash
 * @returns the input, `help` where it was asked for, or `USAGE`
 */
export function parseUsage(
  name: string,
  command: Command,
  args: readonly string[],
): Result<Parsed, UsageError> {
  const end = args.indexOf("--");
  if (args.slice(0, end === -1 ? undefined : end).some((arg) => HELP.has(arg))) return ok("help");
  return tokenize(name, command, args).andThen((input) => {
    const problem = wordsProblem(command.arguments, input.words);
    return problem === undefined ? ok(input) : err(usage(name, problem));
  });
}

/** A wrong call, with the way to the right one. */
export function usage(name: string, message: string): UsageError {
  return failure("USAGE", message, { fix: `see \`oma ${name} --help\`` });
}

function tokenize(name: string, { options }: Command, args: readonly string[]): Result<Input, UsageError> {
  const declared = Object.entries(options).map(([option, { value }]) => {
    return [option, { type: value === undefined ? ("boolean" as const) : ("string" as const) }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(declared),
      allowPositionals: true,
    });
    const given = Object.entries(values);
    return ok({
      words: positionals,
      flags: new Set(given.flatMap(([option, value]) => (value === true ? [option] : []))),
      values: new Map(
        given.flatMap(([option, value]) => (typeof value === "string" ? [[option, value]] : [])),
      ),
    });
  } catch (thrown) {
    return err(usage(name, explain(thrown)));
  }
}

/** The first sentence of Node's message says what is wrong; the others advise its own callers. */
function explain(thrown: unknown): string {
  if (!(thrown instanceof Error && "code" in thrown)) throw thrown;
  const [sentence = ""] = thrown.message.split(/[.\n](?:\s|$)/, 1);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function wordsProblem(declared: readonly Argument[], words: readonly string[]): string | undefined {
  const missing = declared.find(({ required }, index) => required && words[index] === undefined);
  if (missing) return `<${missing.name}> is missing`;
  const extra = words[declared.length];
  if (extra !== undefined && declared.at(-1)?.many !== true) return `unexpected argument "${extra}"`;
  const refused = declared.findIndex(({ choices }, index) => {
    const word = words[index];
    return word !== undefined && choices !== undefined && !choices.includes(word);
  });
  return refused === -1
    ? undefined
    : `"${words[refused]}" is not one of ${declared[refused]?.choices?.join(", ")}`;
}
