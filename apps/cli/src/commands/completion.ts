import { ok } from "neverthrow";
import type { Command } from "../command.ts";
import { completionScript, SHELLS, type Described } from "../present/completion.ts";

/** `oma completion <bash|zsh|fish>` */
export const completionCommand: Command = {
  arguments: [{ name: "shell", required: true, choices: SHELLS }],
  options: {},
  examples: [
    "completion bash > ~/.local/share/bash-completion/completions/oma",
    "completion zsh > ~/.zfunc/_oma",
    "completion fish > ~/.config/fish/completions/oma.fish",
  ],
  async run({ words }, { out }) {
    const { commands } = await import("./index.ts");
    const described = await Promise.all(
      commands.map(async ({ name, alias, summary, load }): Promise<Described[]> => {
        const command = await load();
        const about = {
          summary,
          options: Object.keys(command.options),
          choices: command.arguments.flatMap(({ choices = [] }) => choices),
        };
        return [name, ...(alias === undefined ? [] : [alias])].map((word) => ({ name: word, ...about }));
      }),
    );
    const shell = SHELLS.find((known) => known === words[0]) ?? "bash";
    out.print(completionScript(shell, described.flat()));
    return ok(0);
  },
};
