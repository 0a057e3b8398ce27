import type { Settings } from "@open-multi-auth/domain";
import { defaultText, type Field } from "./fields.ts";
import { figureOf } from "../../format/figure.ts";

/** What the person has typed and not saved, by field; a field that is not named holds what is saved. */
export type Draft = Readonly<Record<string, string>>;

/** What is wrong, by field. */
export type Problems = Readonly<Record<string, string>>;

/** The form as it stands. */
export interface FormState {
  /** What each field shows. */
  readonly texts: Readonly<Record<string, string>>;
  /** The fields that differ from what is saved. */
  readonly changed: readonly Field[];
  readonly problems: Problems;
}

/** Judges a draft against what is saved. Nothing is saved while there is a problem. */
export function formState(fields: readonly Field[], settings: Settings, draft: Draft): FormState {
  const saved = new Map(fields.map((field) => [field.key, field.text(settings)]));
  const texts = Object.fromEntries(fields.map(({ key }) => [key, draft[key] ?? saved.get(key) ?? ""]));
  const changed = fields.filter(
    (field) => !isSame(field, texts[field.key] ?? "", saved.get(field.key) ?? ""),
  );
  const problems: Record<string, string> = {};
  for (const field of changed) {
    const read = field.read(texts[field.key] ?? "");
    if ("problem" in read) problems[field.key] = read.problem;
  }
  return { texts, changed, problems: { ...problems, ...thresholdProblems(texts, changed, problems) } };
}

/** The merge patch that a form comes to; what is as by default is no longer saved. */
export function patchOf({ texts, changed }: FormState): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const field of changed) {
    const text = texts[field.key] ?? "";
    const read = field.read(text);
    if ("problem" in read) continue;
    const value = isSame(field, text, defaultText(field)) ? null : read.value;
    if (field.part === undefined) patch[field.setting] = value;
    else patch[field.setting] = withPart(patch[field.setting], field.part, value);
  }
  return patch;
}

/** The patch that brings back what was saved before. */
export function undoOf(fields: readonly Field[], before: Settings): Record<string, unknown> {
  const texts = Object.fromEntries(fields.map((field) => [field.key, field.text(before)]));
  return patchOf({ texts, changed: fields, problems: {} });
}

/** `10` and `10.0` are the same. */
function isSame(field: Field, text: string, other: string): boolean {
  if (text === other) return true;
  const [read, known] = [field.read(text), field.read(other)];
  return "value" in read && "value" in known && JSON.stringify(read.value) === JSON.stringify(known.value);
}

/** Each threshold may be right on its own and wrong beside the other one. */
function thresholdProblems(
  texts: FormState["texts"],
  changed: readonly Field[],
  problems: Problems,
): Problems {
  const [critical, low] = [figureOf(texts["criticalThreshold"] ?? ""), figureOf(texts["lowThreshold"] ?? "")];
  const isChanged = (key: string): boolean => changed.some((field) => field.key === key);
  if (problems["criticalThreshold"] ?? problems["lowThreshold"]) return {};
  if (critical < low || !(isChanged("criticalThreshold") || isChanged("lowThreshold"))) return {};
  return isChanged("criticalThreshold")
    ? { criticalThreshold: `Must be below low, ${low}` }
    : { lowThreshold: `Must be above critical, ${critical}` };
}

function withPart(parts: unknown, part: string, value: unknown): object {
  const known = typeof parts === "object" && parts !== null ? Object.entries(parts) : [];
  return Object.fromEntries([...known, [part, value]]);
}
