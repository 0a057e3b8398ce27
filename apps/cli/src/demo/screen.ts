/** Where lines go, unless another program has the screen: then they wait for its end. */
export interface Screen {
  readonly print: (line: string) => void;
  lend<T>(work: () => Promise<T>): Promise<T>;
}

/** A screen over a plain way to print. */
export function holdingScreen(print: (line: string) => void): Screen {
  let held: string[] | undefined;
  return {
    print: (line) => (held ? void held.push(line) : print(line)),
    async lend(work) {
      const lines: string[] = [];
      held = lines;
      try {
        return await work();
      } finally {
        held = undefined;
        for (const line of lines) print(line);
      }
    },
  };
}
