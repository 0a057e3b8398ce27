import type { Clock } from "@open-multi-auth/domain";
import type { Colours } from "./present/colours.ts";

/** Where a command writes to. */
export interface Output {
  /** Writes one line, or several. */
  print(text: string): void;
  /** Whether a person sees it on a screen. */
  readonly isTerminal: boolean;
  readonly colours: Colours;
}

/** What a command may use of the world outside. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The operating system's name of the person. */
  readonly user: string | undefined;
  readonly clock: Clock;
  /** Results. */
  readonly out: Output;
  /** Errors, warnings and questions. */
  readonly err: Output;
  /** Whether a person can answer a question. */
  readonly interactive: boolean;
  /** Asks for a yes; anything else is a no. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Asks for a secret, which is not shown while it is typed; empty where none is given. */
  readonly askSecret: (question: string) => Promise<string>;
  /** Hands on what comes in on the standard input, line by line, until the returned function is called. */
  readonly readLines: (onLine: (line: string) => void) => () => void;
  /** Opens an address in the person's browser; false where there is none to open. */
  readonly openBrowser: (url: string) => Promise<boolean>;
  /** Shows a line while the work takes noticeably long. */
  progress<T>(text: string, work: PromiseLike<T>): Promise<T>;
}
