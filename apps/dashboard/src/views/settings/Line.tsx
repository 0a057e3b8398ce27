import type { SettingName } from "@open-multi-auth/domain";
import type { ComponentChildren } from "preact";
import { FieldError } from "../../components/field.tsx";
import { Switch } from "../../components/switch.tsx";
import type { SettingsForm } from "./form.ts";
import { Origin } from "./Origin.tsx";

interface LineProps {
  readonly form: SettingsForm;
  readonly setting: SettingName;
  /** Of the field in the form. */
  readonly field: string;
  readonly label: string;
  readonly hint: string;
}

/** One setting: what it is, its control, and where its value came from. */
function Line({
  form,
  setting,
  field,
  label,
  hint,
  isLabel = true,
  children,
}: LineProps & { readonly isLabel?: boolean; readonly children: ComponentChildren }) {
  const id = idOf(field);
  return (
    <div class="line">
      <div>
        {isLabel ? <label for={id}>{label}</label> : <span class="lbl">{label}</span>}
        <p id={`${id}-hint`}>{hint}</p>
      </div>
      <div>
        {children}
        <Problem form={form} field={field} />
      </div>
      <Origin origin={form.originOf(setting)} />
      <Fixed form={form} setting={setting} id={`${id}-fixed`} />
    </div>
  );
}

/** A setting that is a number or a text. */
export function TextLine({
  unit,
  wide = false,
  inputMode = "decimal",
  placeholder,
  ...line
}: LineProps & {
  readonly unit?: string;
  readonly wide?: boolean;
  readonly inputMode?: "decimal" | "numeric" | "text" | "url";
  readonly placeholder?: string;
}) {
  const { form, setting, field } = line;
  const input = (
    <TextField
      form={form}
      setting={setting}
      field={field}
      inputMode={inputMode}
      {...(placeholder !== undefined && { placeholder })}
    />
  );
  return (
    <Line {...line}>
      {wide ? (
        input
      ) : (
        <span class={unit === undefined ? "unit bare" : "unit"}>
          {input}
          {unit !== undefined && <span>{unit}</span>}
        </span>
      )}
    </Line>
  );
}

/** A setting that is on or off. */
export function SwitchLine({ on = "on", off = "off", ...line }: LineProps & { on?: string; off?: string }) {
  const { form, setting, field, label } = line;
  return (
    <Line {...line} isLabel={false}>
      <Switch
        label={label}
        checked={form.texts[field] === on}
        disabled={form.fixedBy(setting) !== undefined}
        describedBy={`${idOf(field)}-hint`}
        onToggle={(wanted) => form.type({ [field]: wanted ? on : off })}
      />
    </Line>
  );
}

/** A setting that is one of a few values. */
export function SelectLine({
  options,
  ...line
}: LineProps & { readonly options: readonly (readonly [value: string, word: string])[] }) {
  const { form, setting, field } = line;
  const value = form.texts[field] ?? "";
  // A value that was set elsewhere is one of them too.
  const all = options.some(([known]) => known === value) ? options : [...options, [value, value] as const];
  return (
    <Line {...line}>
      <select
        id={idOf(field)}
        class="field short"
        value={value}
        disabled={form.fixedBy(setting) !== undefined}
        onChange={(event) => form.type({ [field]: event.currentTarget.value })}
      >
        {all.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </Line>
  );
}

interface TextFieldProps {
  readonly form: SettingsForm;
  readonly setting: SettingName;
  readonly field: string;
  readonly inputMode: "decimal" | "numeric" | "text" | "url";
  readonly label?: string | undefined;
  readonly placeholder?: string | undefined;
}

/** The input itself: read-only where the environment fixes its value. */
export function TextField({ form, setting, field, inputMode, label, placeholder }: TextFieldProps) {
  const id = idOf(field);
  const isFixed = form.fixedBy(setting) !== undefined;
  const problem = form.problems[field];
  return (
    <input
      id={id}
      class="field"
      inputMode={inputMode}
      autoComplete="off"
      spellcheck={false}
      value={form.texts[field] ?? ""}
      readOnly={isFixed}
      aria-label={label}
      placeholder={placeholder}
      aria-invalid={problem !== undefined}
      aria-describedby={`${id}-problem ${id}-fixed`}
      onInput={(event) => form.type({ [field]: event.currentTarget.value })}
    />
  );
}

/** What must hold, under the field that does not hold it. */
export const Problem = ({ form, field }: { readonly form: SettingsForm; readonly field: string }) => (
  <FieldError id={`${idOf(field)}-problem`} error={form.problems[field]} />
);

/** Which variable fixes a setting. */
export function Fixed({ form, setting, id }: { form: SettingsForm; setting: SettingName; id: string }) {
  const variable = form.fixedBy(setting);
  if (variable === undefined) return null;
  return (
    <p class="nb" id={id}>
      Set by <code>{variable}</code>. Unset it to change the value here.
    </p>
  );
}

/** An alias has letters, digits, dots, dashes and underscores: all fit for an id. */
export const idOf = (field: string): string => `set-${field}`;
