/** What commands that show accounts say where there is none. */
export const NO_ACCOUNTS =
  "No account is linked yet. `oma add <alias>` links one; `oma import` takes over the login of the Codex CLI or OpenCode.";
