/** A command as a shell completes it. */
export interface Described {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
  readonly choices: readonly string[];
}

/** Shells that a script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that makes a shell complete commands, their words and options. */
export function completionScript(shell: Shell, commands: readonly Described[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      // zsh runs bash's scripts.
      return `#compdef oma open-multi-auth\nautoload -Uz bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
    default:
      return shell satisfies never;
  }
}

function bash(commands: readonly Described[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map((command) => `    ${command.name}) words="${wordsOf(command).join(" ")}" ;;`);
  return [
    "_oma() {",
    '  local words current="${COMP_WORDS[COMP_CWORD]}"',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names} --help" -- "$current"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _oma oma open-multi-auth",
  ].join("\n");
}

function fish(commands: readonly Described[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return commands
    .flatMap((command) => [
      `complete -c oma -f -n "not __fish_seen_subcommand_from ${names}" -a ${command.name} -d '${command.summary.replaceAll("'", "")}'`,
      `complete -c oma -n "__fish_seen_subcommand_from ${command.name}" -a "${wordsOf(command).join(" ")}"`,
    ])
    .join("\n");
}

const wordsOf = ({ options, choices }: Described): string[] => [
  ...choices,
  ...options.map((option) => `--${option}`),
  "--help",
];
