import { openBrowser, systemClock, systemUser } from "@open-multi-auth/runtime-node";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Context, Output } from "./context.ts";
import { coloursFor } from "./present/colours.ts";

/** Work that ends sooner is not worth a line. */
const PROGRESS_AFTER_MS = 300;

/** The context of this process: its streams, its environment, the machine's clock. */
export function systemContext(): Context {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    cwd: process.cwd(),
    user: systemUser(),
    clock: systemClock,
    out: outputTo(stdout),
    err: outputTo(stderr),
    interactive: stdin.isTTY && stderr.isTTY,
    ask,
    askSecret,
    readLines,
    openBrowser: (url) => openBrowser(url, { env, platform: process.platform }),
    progress: stderr.isTTY ? showProgress : async (_text, work) => work,
  };
}

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    print: (text) => void stream.write(`${text}\n`),
    isTerminal: stream.isTTY && process.env["TERM"] !== "dumb",
    colours: coloursFor(stream.isTTY, process.env),
  };
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function askSecret(question: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  // Only now: before, the terminal itself would show what is typed.
  process.stderr.write(`${question} `);
  return new Promise((resolve) => {
    // At its end, or after Ctrl+C, no answer will come.
    terminal.once("close", () => {
      process.stderr.write("\n");
      resolve("");
    });
    terminal.once("line", (line) => {
      resolve(line);
      terminal.close();
    });
  });
}

/** The terminal stays as it is: Ctrl+C ends the program as ever, and what is typed is shown. */
function readLines(onLine: (line: string) => void): () => void {
  const { stdin } = process;
  const lines = createInterface({ input: stdin, terminal: false });
  lines.on("line", onLine);
  // A standard input that cannot be read has nothing to say.
  stdin.once("error", () => lines.close());
  return () => {
    lines.close();
    stdin.unref?.();
  };
}

async function showProgress<T>(text: string, work: PromiseLike<T>): Promise<T> {
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    process.stderr.write(`${text} ...`);
  }, PROGRESS_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (shown) process.stderr.write("\r\u001B[2K");
  }
}
