import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { IconButton } from "./button.tsx";

/** How many dialogs are open. Beneath one nothing can be reached anyway. */
export const openDialogs = signal(0);

interface DialogProps {
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  /** Buttons, the quiet way back first. */
  readonly footer: ComponentChildren;
  readonly back?: ComponentChildren;
  readonly onClose: () => void;
  readonly onSubmit?: () => void;
}

/** A modal dialog: it traps the focus, closes with Escape, and gives the focus back. */
export function Dialog({ title, children, footer, back, onClose, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    openDialogs.value += 1;
    return () => {
      openDialogs.value -= 1;
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <div class="dl-h">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </div>
        <div class="dl-b">{children}</div>
        <div class="dl-f">
          {back}
          <span class="r">{footer}</span>
        </div>
      </form>
    </dialog>
  );
}
