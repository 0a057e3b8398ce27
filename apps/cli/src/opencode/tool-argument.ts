import type { Argument } from "../command.ts";

/** The tool to install into. */
export const TOOL: Argument = { name: "tool", required: false, choices: ["opencode", "codex"] };
