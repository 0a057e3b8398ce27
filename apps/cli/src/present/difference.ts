import { isEmptyDifference, type StoreDifference } from "@open-multi-auth/core-store";
import type { Colours } from "./colours.ts";
import { plain } from "./text.ts";

/** What becomes different, a line for each account: names of fields, never a value. */
export function differenceLines(difference: StoreDifference, { green, red, yellow }: Colours): string[] {
  const { added, removed, changed, settings } = difference;
  return [
    ...added.map((alias) => `${green("+")} ${plain(alias)}`),
    ...removed.map((alias) => `${red("-")} ${plain(alias)}`),
    ...changed.map(({ alias, fields }) => `${yellow("~")} ${plain(alias)}: ${fieldsText(fields)}`),
    ...(settings.length === 0 ? [] : [`${yellow("~")} settings: ${fieldsText(settings)}`]),
  ];
}

/** The same in one cell of a table. */
export function differenceText(difference: StoreDifference): string {
  if (isEmptyDifference(difference)) return "nothing";
  const { added, removed, changed, settings } = difference;
  return [
    ...added.map((alias) => `+${plain(alias)}`),
    ...removed.map((alias) => `-${plain(alias)}`),
    ...changed.map(({ alias }) => `~${plain(alias)}`),
    ...(settings.length === 0 ? [] : ["settings"]),
  ].join(" ");
}

/** Names of fields may come from a file. */
export const fieldsText = (fields: readonly string[]): string => fields.map(plain).join(", ");
