import type { AccountView } from "@open-multi-auth/domain";

type Source = NonNullable<AccountView["limits"]>["source"];

const WORDS: Readonly<Record<Source["kind"], string>> = {
  "usage-endpoint": "the usage endpoint",
  "codex-app-server": "the Codex CLI (app-server)",
  "codex-exec": "the Codex CLI (exec)",
};

/** Where a reading comes from, with the model and the file where there is one. */
export function sourceText({ kind, model, file }: Source): string {
  return [WORDS[kind], model && `with ${model}`, file && `from ${file}`].filter(Boolean).join(", ");
}
