import type { Argument, Command, CommandEntry } from "../command.ts";
import type { Colours } from "./colours.ts";
import { table } from "./text.ts";

/** What `oma --help` shows. */
export function overview(commands: readonly CommandEntry[], version: string, { bold }: Colours): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return [
    `oma ${version}: several ChatGPT accounts, one pool`,
    "",
    `${bold("Usage")}  oma <command> [options]`,
    "",
    table(rows),
    "",
    "  oma <command> --help shows its options and an example.",
    "",
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing eligible.",
  ].join("\n");
}

/** What `oma <command> --help` shows. */
export function commandHelp(
  { name, summary, command }: { name: string; summary: string; command: Command },
  { bold, dim }: Colours,
): string {
  const options = Object.entries(command.options).map(([option, { value, about }]) => {
    return [`  --${option}${value === undefined ? "" : ` <${value}>`}`, about];
  });
  const words = command.arguments.map((argument) => ` ${argumentUsage(argument)}`).join("");
  return [
    summary,
    "",
    `${bold("Usage")}  oma ${name}${words}${options.length > 0 ? " [options]" : ""}`,
    ...(options.length > 0 ? ["", table(options)] : []),
    "",
    bold("Examples"),
    ...command.examples.map((example) => `  ${dim("$")} oma ${example}`),
  ].join("\n");
}

function argumentUsage({ name, required, choices, many }: Argument): string {
  const text = (choices?.join("|") ?? name) + (many ? "..." : "");
  return required ? `<${text}>` : `[${text}]`;
}
