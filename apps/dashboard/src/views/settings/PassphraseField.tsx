import { useId } from "preact/hooks";
import { Glyph } from "../../components/glyph.tsx";

interface PassphraseFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** To be chosen now, not to be remembered. */
  readonly isNew?: boolean;
  readonly problem?: string | undefined;
}

/** A passphrase; it stays in this page and goes to the server that sent it. */
export function PassphraseField({ label, value, onInput, isNew = false, problem }: PassphraseFieldProps) {
  const id = useId();
  return (
    <div>
      <label class="lab" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="field"
        type="password"
        autoComplete={isNew ? "new-password" : "off"}
        value={value}
        aria-invalid={problem !== undefined}
        {...(problem !== undefined && { "aria-describedby": `${id}-problem` })}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {problem !== undefined && (
        <p class="err" id={`${id}-problem`} role="alert">
          <Glyph name="err" />
          {problem}
        </p>
      )}
    </div>
  );
}
