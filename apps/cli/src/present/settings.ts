import {
  SETTING_NAMES,
  variableOf,
  type SettingName,
  type SettingOrigin,
  type SettingsView,
} from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { plain, table } from "./text.ts";

/** One effective value, under the name by which it is set. */
export interface SettingRow {
  readonly name: string;
  /** `null` where nothing was chosen for any account. */
  readonly value: string | number | boolean | readonly string[] | null;
  readonly origin: SettingOrigin;
}

/** Every effective value: of settings with parts, each part on its own. */
export function settingRows(view: SettingsView): SettingRow[] {
  return SETTING_NAMES.flatMap((name) => rowsOf(name, view));
}

function rowsOf(name: SettingName, { settings, origins, shares }: SettingsView): SettingRow[] {
  const value = settings[name];
  const origin = origins[name];
  if (typeof value !== "object" || Array.isArray(value)) return [{ name, value, origin }];
  const unnamed = name === "accountWeights" && Object.keys(value).length > 0 ? Object.keys(shares) : [];
  const parts = [
    ...Object.entries(value).map(([part, chosen]) => ({ name: `${name}.${part}`, value: chosen, origin })),
    ...unnamed
      .filter((alias) => !Object.hasOwn(value, alias))
      .map((alias) => ({ name: `${name}.${alias}`, value: 1, origin: "default" as const })),
  ];
  return parts.length === 0 ? [{ name, value: null, origin }] : parts;
}

/** Rows as a table: name, value, and where the value came from. */
export function settingsText(view: SettingsView, rows: readonly SettingRow[], { dim }: Colours): string {
  const head = ["SETTING", "VALUE", "FROM"].map((title) => dim(title));
  return table([head, ...rows.map((row) => [plain(row.name), valueText(row, view), originText(row)])]);
}

function valueText({ name, value }: SettingRow, { shares, strategyAfterForce: later }: SettingsView): string {
  if (name === "accountWeights") return "1 each";
  if (name === "reservePercent") return "0 each";
  if (name === "rotationStrategy" && later !== undefined && later !== value) {
    return `${String(value)}, then ${later} after the force`;
  }
  if (value === null) return "none";
  const alias = name.startsWith("accountWeights.") ? name.slice("accountWeights.".length) : "";
  const share = Object.hasOwn(shares, alias) ? shares[alias] : undefined;
  return share === undefined ? plain(String(value)) : `${String(value)} (share ${Math.round(share * 100)} %)`;
}

function originText({ name, origin }: SettingRow): string {
  const setting = SETTING_NAMES.find((known) => name === known || name.startsWith(`${known}.`));
  const variable = origin === "environment" && setting !== undefined ? variableOf(setting) : undefined;
  return variable === undefined ? origin : `${origin} (${variable})`;
}
