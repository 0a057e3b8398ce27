import { useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Button, IconButton } from "./button.tsx";

/** A command to run, with a button that copies it. */
export function CopyCommand({ command }: { readonly command: string }) {
  const { copy, isCopied } = useCopy();
  return (
    <span class="cmd">
      {command}
      <IconButton
        icon={isCopied ? "check" : "copy"}
        label={isCopied ? "Copied" : "Copy command"}
        onClick={() => copy(command)}
      />
    </span>
  );
}

/** A button that copies a text which is made when it is asked for. */
export function CopyButton({ word, text }: { readonly word: string; readonly text: () => string }) {
  const { copy, isCopied } = useCopy();
  return (
    <Button icon={isCopied ? "check" : "copy"} onClick={() => copy(text())}>
      {isCopied ? "Copied" : word}
    </Button>
  );
}

/** A copy that says for 2 s that it was made. */
export function useCopy(): { readonly copy: (text: string) => void; readonly isCopied: boolean } {
  const { toasts } = useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      toasts.show({ kind: "error", title: "Not copied", text: "The browser did not allow it." });
    }
  };
  return { isCopied, copy: (text) => void copy(text) };
}
