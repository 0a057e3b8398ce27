/**
 * Models that are offered to clients which ask for a list. Any other is passed on all the same: the upstream says whether an
 * account has it.
 */
const MODELS = [
  "gpt-6.1-sol",
  "gpt-6.1-terra",
  "gpt-6-astra",
  "gpt-6-sol",
  "gpt-6-luna",
  "gpt-5.6-sol",
  "gpt-5.6-terra",
  "gpt-5.6-luna",
  "gpt-5.5",
  "gpt-5.4",
  "gpt-5.4-mini",
  "gpt-5.3-codex",
] as const;

/** The list in the form of OpenAI's API. */
export const modelList = (): object => ({ object: "list", data: MODELS.map(modelEntry) });

/** One of them; any id that is asked for, since none is refused here. */
export const modelEntry = (id: string): object => ({ id, object: "model", created: 0, owned_by: "openai" });
