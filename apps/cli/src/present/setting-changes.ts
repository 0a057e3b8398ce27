import { SETTING_NAMES, variableOf, type ForceView, type SettingsView } from "@open-multi-auth/domain";
import { settingRows, type SettingRow } from "./settings.ts";
import { plain } from "./text.ts";

/** What a change made of the effective values, one line each. */
export function changesText(before: SettingsView, after: SettingsView): string {
  const [old, fresh] = [before, after].map(
    (view) => new Map(settingRows(view).map((row) => [row.name, row])),
  );
  const lines = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])].flatMap((name) =>
    line(name, old?.get(name), fresh?.get(name)),
  );
  return lines.length === 0 ? "no effective value changes" : lines.join("\n");
}

function line(name: string, was: SettingRow | undefined, is: SettingRow | undefined): string[] {
  const [from, to] = [text(was), text(is)];
  return from === to ? [] : [`${plain(name)}: ${from} -> ${to}`];
}

const text = (row: SettingRow | undefined): string =>
  row === undefined || row.value === null ? "default" : plain(String(row.value));

/** Why something that was saved does not hold, or not yet. */
export function notesOn(saved: readonly string[], { origins }: SettingsView, force: ForceView): string[] {
  const overridden = SETTING_NAMES.filter((name) => saved.includes(name) && origins[name] === "environment");
  const waits = saved.includes("rotationStrategy") && force.active;
  return [
    ...overridden.map(
      (name) => `note: ${name} is saved, but ${variableOf(name) ?? "the environment"} outranks it`,
    ),
    ...(waits
      ? [`note: strategy ${force.strategy} holds once the force on ${force.alias ?? "?"} has ended`]
      : []),
  ];
}
