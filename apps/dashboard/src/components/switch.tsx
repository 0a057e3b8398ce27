/** What a switch shows: where it stands, that a change is on its way, or that the last one was refused. */
export type SwitchState = "off" | "on" | "mixed" | "updating" | "error";

interface SwitchProps {
  readonly label: string;
  /** The acknowledged position; `mixed` for a selection that differs. */
  readonly checked: boolean | "mixed";
  readonly updating?: boolean;
  readonly failed?: boolean;
  readonly disabled?: boolean;
  readonly describedBy?: string;
  readonly onToggle: (to: boolean) => void;
}

/** The pill: the only way to enable and disable. Clicks while it is updating do nothing. */
export function Switch(props: SwitchProps) {
  const { label, checked, updating = false, failed = false, disabled = false, describedBy, onToggle } = props;
  return (
    <button
      type="button"
      class="sw"
      role="switch"
      aria-checked={checked === "mixed" ? "mixed" : checked}
      aria-label={label}
      aria-busy={updating}
      aria-describedby={describedBy}
      data-s={stateOf(checked, updating, failed)}
      disabled={disabled}
      onClick={() => {
        if (!updating) onToggle(checked !== true);
      }}
    >
      <i class="on" />
      <i class="off" />
    </button>
  );
}

function stateOf(checked: boolean | "mixed", updating: boolean, failed: boolean): SwitchState {
  if (updating) return "updating";
  if (failed) return "error";
  if (checked === "mixed") return "mixed";
  return checked ? "on" : "off";
}
