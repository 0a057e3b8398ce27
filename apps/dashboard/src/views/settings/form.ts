import { signal, useValue } from "../../state/signal.ts";
import {
  PRESETS,
  SETTINGS_DEFAULTS,
  variableOf,
  type PresetName,
  type SettingName,
  type SettingOrigin,
  type SettingsView,
} from "@open-multi-auth/domain";
import type { ApiResult, FailureView, StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { formState, patchOf, undoOf, type Draft, type FormState, type Problems } from "./draft.ts";
import { defaultText, fieldsFor, type Field } from "./fields.ts";
import { serverProblems } from "./server-problems.ts";

/** The settings form: what it shows, and what can be done with it. */
export interface SettingsForm extends FormState {
  readonly fields: readonly Field[];
  readonly view: SettingsView;
  readonly isSaving: boolean;
  readonly originOf: (setting: SettingName) => SettingOrigin;
  /** The variable of the environment that fixes a setting, so that it cannot be changed here. */
  readonly fixedBy: (setting: SettingName) => string | undefined;
  readonly type: (texts: Draft) => void;
  readonly discard: () => void;
  readonly save: () => void;
  readonly reset: () => void;
}

type Saving = Promise<ApiResult<SettingsView>>;

/** What was typed stays while one looks at another view. */
const draft = signal<Draft>({});

/** The form over the settings as they are now, whoever changed them. */
export function useSettingsForm({ settings: view, accounts }: StateView): SettingsForm {
  const { call, reload, toasts } = useApp();
  const [isSaving, setSaving] = useState(false);
  const [refused, setRefused] = useState<Problems>({});
  const settings = withWaitingStrategy(view);
  const fields = fieldsFor(accounts.map(({ alias }) => alias));
  const state = formState(fields, settings, useValue(draft));

  const put = (patch: Record<string, unknown>) => (): Saving => call("PUT /api/settings", { body: patch });
  const send = async (change: () => Saving): Promise<ApiResult<SettingsView>> => {
    setSaving(true);
    const answer = await change();
    if (answer.ok) await reload();
    setSaving(false);
    return answer;
  };
  const refuse = (title: string, { code, message }: FailureView): void =>
    toasts.show({ kind: "error", title, text: message, code });
  const undo = async (before: Record<string, unknown>): Promise<void> => {
    const answer = await send(put(before));
    if (!answer.ok) refuse("Nothing was undone", answer.error);
  };
  const settle = async (
    title: string,
    change: () => Saving,
    before: Record<string, unknown>,
  ): Promise<void> => {
    const answer = await send(change);
    if (answer.ok) {
      draft.value = {};
      setRefused({});
      const action = { label: "Undo", run: () => void undo(before) };
      toasts.show({ kind: "done", title, text: "The next request uses it.", action });
      return;
    }
    setRefused(serverProblems(answer.error));
    refuse("Nothing was saved", answer.error);
  };

  return {
    ...state,
    problems: { ...refused, ...state.problems },
    fields,
    view,
    isSaving,
    originOf: (setting) => view.origins[setting] ?? "default",
    fixedBy: (setting) => (view.origins[setting] === "environment" ? variableOf(setting) : undefined),
    type: (texts) => {
      draft.value = { ...draft.value, ...texts };
      setRefused({});
    },
    discard: () => {
      draft.value = {};
      setRefused({});
    },
    save: () => void settle("Saved", put(patchOf(state)), undoOf(state.changed, settings)),
    reset: () =>
      void settle("Back to the defaults", () => call("POST /api/settings/reset"), savedOf(view, settings)),
  };
}

/** While an account is forced, the strategy in the form is the one that holds afterwards. */
const withWaitingStrategy = ({ settings, strategyAfterForce }: SettingsView): SettingsView["settings"] =>
  strategyAfterForce === undefined ? settings : { ...settings, rotationStrategy: strategyAfterForce };

/** The patch that brings back everything that a reset takes, also what has no field here. */
const savedOf = ({ origins }: SettingsView, settings: SettingsView["settings"]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => Reflect.get(origins, name) === "persisted"));

/** The fields whose value was saved and is not the default: what a reset changes. */
export const savedFields = (
  fields: readonly Field[],
  { origins }: SettingsView,
  settings: SettingsView["settings"],
): Field[] =>
  fields.filter(
    (field) => origins[field.setting] === "persisted" && field.text(settings) !== defaultText(field),
  );

/** What a preset would put into the form. */
export function presetTexts(fields: readonly Field[], name: PresetName): Draft {
  const chosen = Object.entries(PRESETS[name]);
  const named = new Set(chosen.map(([setting]) => setting));
  const values = Object.fromEntries(chosen.filter(([, value]) => value !== null));
  const settings = { ...SETTINGS_DEFAULTS, ...values };
  return Object.fromEntries(
    fields.filter(({ setting }) => named.has(setting)).map((field) => [field.key, field.text(settings)]),
  );
}
