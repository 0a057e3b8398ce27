import type { FailureView } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { signal } from "../state/signal.ts";
import { Button, IconButton } from "./button.tsx";
import { Note } from "./note.tsx";

/** How many dialogs are open. Beneath one nothing can be reached anyway. */
export const openDialogs = signal(0);

interface DialogProps {
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  /** The word for what it does; one that only waits has none. */
  readonly submit?: ComponentChildren;
  readonly onSubmit?: () => void;
  readonly isBusy?: boolean | undefined;
  readonly isDisabled?: boolean;
  readonly isDangerous?: boolean;
  /** Why what it does was refused. */
  readonly error?: FailureView | undefined;
  /** What is as it was after a refusal. */
  readonly unchanged?: string;
  /** The quiet way out; it closes unless it has something else to do. */
  readonly cancel?: string;
  readonly onCancel?: () => void;
  readonly back?: ComponentChildren;
  readonly onClose: () => void;
}

/** A modal dialog: it traps the focus, closes with Escape, and gives the focus back. */
export function Dialog(props: DialogProps) {
  const { title, children, submit, onSubmit, isBusy, isDisabled, isDangerous, error, back, onClose } = props;
  const { unchanged = "Nothing changed.", cancel = "Cancel", onCancel = onClose } = props;
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
        <div class="dl-b">
          {children}
          {error && (
            <Note kind="problem" code={error.code}>
              <b>{unchanged}</b> {error.message}
            </Note>
          )}
        </div>
        <div class="dl-f">
          {back}
          <span class="r">
            <Button onClick={onCancel}>{cancel}</Button>
            {submit && (
              <Button
                kind={isDangerous ? "danger" : "primary"}
                submit
                busy={isBusy === true}
                disabled={isDisabled}
              >
                {submit}
              </Button>
            )}
          </span>
        </div>
      </form>
    </dialog>
  );
}

/** What a dialog does, once at a time, until it is not refused: the part of a dialog's props that tells so. */
export function useTask(task: () => Promise<FailureView | undefined>) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<FailureView>();
  const run = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setError(await task());
    setBusy(false);
  };
  return { isBusy, error, onSubmit: () => void run() };
}
