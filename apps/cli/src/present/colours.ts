import { styleText } from "node:util";

type Paint = (text: string) => string;

/** Styles of text; on anything but a terminal each leaves the text as it is. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

/** Colours for a terminal that wants them: https://no-color.org, and no escape codes for dumb ones. */
export function coloursFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Colours {
  const enabled = isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const paint =
    (style: keyof Colours): Paint =>
    (text) =>
      // Whether to paint is decided above; Node's own check would look at another stream.
      enabled ? styleText(style, text, { validateStream: false }) : text;
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    green: paint("green"),
    yellow: paint("yellow"),
  };
}
