/**
 * Whether somebody may look at this OpenCode: `opencode run` answers one prompt for a script, and shows no toast. What it
 * does not take upon itself, a window that stands open shows.
 *
 * @param argv the process's own: runtime, program, and what follows them
 */
export const hasScreen = (argv: readonly string[]): boolean =>
  argv.slice(2).find((word) => !word.startsWith("-")) !== "run";
