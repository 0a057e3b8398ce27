import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Glyph } from "./glyph.tsx";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly inputMode?: "decimal" | "url";
  readonly type?: "password";
  readonly hint?: ComponentChildren;
  /** What is wrong with the value, in words. */
  readonly error?: string | undefined;
  readonly unit?: string;
  readonly onValue: (value: string) => void;
}

/** A labelled input; its error stands under it and is read with it. */
export function Field({ label, hint, error, unit, onValue, ...input }: FieldProps) {
  const id = useId();
  const control = (
    <input
      {...input}
      class="field"
      id={id}
      autocomplete="off"
      spellcheck={false}
      aria-invalid={error !== undefined}
      aria-describedby={`${id}-h ${id}-e`}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
  return (
    <div>
      <label class="lab" for={id}>
        {label}
      </label>
      {unit === undefined ? (
        control
      ) : (
        <span class="unit">
          {control}
          <span>{unit}</span>
        </span>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      <FieldError id={`${id}-e`} error={error} />
    </div>
  );
}

/** What is wrong with a value. */
export function FieldError({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  return (
    <p class="err" id={id} role="alert" hidden={error === undefined}>
      {error !== undefined && (
        <>
          <Glyph name="err" />
          {error}
        </>
      )}
    </p>
  );
}
