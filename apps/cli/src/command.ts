import type { Failure } from "@open-multi-auth/domain";
import type { Result } from "neverthrow";
import type { Context } from "./context.ts";

/** 0 done, 1 failed, 2 wrong usage, 3 nothing eligible. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A word after the command's name. */
export interface Argument {
  readonly name: string;
  readonly required: boolean;
  /** The only words allowed, where not any will do. */
  readonly choices?: readonly string[];
  /** Any number of words; only the last argument can be so. */
  readonly many?: true;
}

/** An option `--name`; with `value` it takes one, which `value` names in the help. */
export interface Option {
  readonly about: string;
  readonly value?: string;
}

/** The command line of one command, checked against what it declares. */
export interface Input {
  readonly words: readonly string[];
  /** The options without a value that were given. */
  readonly flags: ReadonlySet<string>;
  /** The values of the others. */
  readonly values: ReadonlyMap<string, string>;
}

/** One command: arguments in, exit code out. */
export interface Command {
  readonly arguments: readonly Argument[];
  readonly options: Readonly<Record<string, Option>>;
  /** What people type, without the leading `oma`. */
  readonly examples: readonly string[];
  run(input: Input, context: Context): PromiseLike<Result<ExitCode, Failure>>;
}

/** A command in the list; what it does is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  /** Another name for it. */
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
