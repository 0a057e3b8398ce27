import { emitKeypressEvents, type Key } from "node:readline";
import type { Readable } from "node:stream";

/** The keys of a terminal, asked for one by one. None is ever echoed. */
export interface Keyboard {
  /** The next key from now on; those before it are forgotten. Never resolves after the person has quit. */
  next(): Promise<string>;
  /** Leaves the keys to another program while it works. */
  lend<T>(work: () => Promise<T>): Promise<T>;
  /** Gives the terminal back as it was. */
  close(): void;
}

interface Terminal extends Readable {
  setRawMode?(raw: boolean): unknown;
}

/**
 * Reads keys, and tells at once when the person wants to leave: with q, Ctrl-C, Ctrl-D, or the end of the input.
 *
 * @param quit may be called more than once
 */
export function openKeyboard(stdin: Terminal, quit: () => void): Keyboard {
  let answer: ((name: string) => void) | undefined;
  const press = (_: string, { name = "", ctrl }: Key): void => {
    if (name === "q" || (ctrl && "cd".includes(name))) return quit();
    answer?.(name);
    answer = undefined;
  };
  const listen = (): void => {
    setRaw(stdin, true);
    stdin.on("keypress", press).resume();
  };
  const rest = (): void => {
    stdin.off("keypress", press).pause();
  };

  emitKeypressEvents(stdin);
  stdin.on("end", quit).on("error", quit);
  listen();
  return {
    next: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    async lend(work) {
      rest();
      try {
        return await work();
      } finally {
        // The other program may have left any mode behind: only a change of ours sets it anew.
        setRaw(stdin, false);
        listen();
      }
    },
    close() {
      rest();
      setRaw(stdin, false);
      stdin.off("end", quit);
    },
  };
}

/** A terminal whose window was closed refuses; then there is nothing left to set. */
function setRaw(stdin: Terminal, raw: boolean): void {
  try {
    stdin.setRawMode?.(raw);
  } catch {
    // Its input ends as well, which is what counts.
  }
}
