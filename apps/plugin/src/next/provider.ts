import type { ModelDraft, ModelEditor, NextContext, ProviderDraft, ProviderEditor } from "./context.ts";

export const PROVIDER = "openai";

/** What the upstream takes, whatever the model's own bounds are. */
const CONTEXT_TOKENS = 400_000;
const INPUT_TOKENS = 272_000;

/** Has the host's provider take the way that the pool can answer on, with the models that accounts have. */
export async function shapeProvider(
  { provider, model }: Pick<NextContext, "provider" | "model">,
  isInUse: () => boolean,
): Promise<void> {
  await provider?.transform?.(harmless((editor) => isInUse() && changeProvider(editor)));
  await model?.transform?.(harmless((editor) => isInUse() && changeModels(editor)));
}

/** The host takes a plugin out whose change throws. */
function harmless<Editor>(change: (editor: Editor) => void): (editor: Editor) => void {
  return (editor) => {
    try {
      change(editor);
    } catch {}
  };
}

function changeProvider(editor: ProviderEditor): void {
  // An update would make what is not there.
  if (editor.get(PROVIDER) === undefined) return;
  editor.update(PROVIDER, (provider: ProviderDraft) => {
    if (provider.activation !== "disabled") provider.activation = "enabled";
    // A compacted conversation that only one account can read could not move to another.
    provider.settings = { ...provider.settings, transport: "http", compaction: { type: "summary" } };
  });
}

function changeModels(editor: ModelEditor): void {
  for (const { id } of editor.list(PROVIDER)) editor.update(PROVIDER, id, changeModel);
}

function changeModel(model: ModelDraft): void {
  if (!isServed(model.modelID ?? model.id)) {
    model.enabled = false;
    return;
  }
  // Paid for with the account.
  model.cost = [];
  if (model.limit === undefined) return;
  const { context, input = INPUT_TOKENS } = model.limit;
  model.limit = {
    ...model.limit,
    context: Math.min(context, CONTEXT_TOKENS),
    input: Math.min(input, INPUT_TOKENS),
  };
}

const SERVED: ReadonlySet<string> = new Set(["gpt-5.5", "gpt-5.3-codex-spark"]);
const NOT_SERVED: ReadonlySet<string> = new Set(["gpt-5.5-pro", "gpt-5.6"]);

/** The models that a ChatGPT account has, by the rule that OpenCode itself goes by. */
function isServed(id: string): boolean {
  if (SERVED.has(id)) return true;
  const [, major = 0, minor = 0] = (/^gpt-(\d+)(?:\.(\d+))?/.exec(id) ?? []).map(Number);
  return !NOT_SERVED.has(id) && (major > 5 || (major === 5 && minor > 4));
}
