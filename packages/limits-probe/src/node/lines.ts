import type { Readable } from "node:stream";

/** The whole lines of a program's output, as they come; it ends where the output does, however that is. */
export async function* linesOf(output: Readable | null): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of output?.setEncoding("utf8") ?? []) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    // A program that never began, or was killed, has said all that it will.
  }
}
