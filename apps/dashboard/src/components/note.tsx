import type { ComponentChildren } from "preact";
import { Glyph, type GlyphName } from "./glyph.tsx";

interface NoteProps {
  /** `problem` on red, `info` plain. */
  readonly kind: "problem" | "info";
  readonly glyph?: GlyphName;
  readonly id?: string;
  readonly code?: string | undefined;
  readonly children: ComponentChildren;
  /** What can be done about it. */
  readonly actions?: ComponentChildren;
}

/** A line inside a row or dialog: what happened, then the one thing to do. The code stands last, for search. */
export function Note({ kind, glyph, id, code, children, actions }: NoteProps) {
  return (
    <div
      class={`note-row ${kind === "info" ? "info" : ""}`}
      id={id}
      role={kind === "problem" ? "alert" : undefined}
    >
      <Glyph name={glyph ?? (kind === "info" ? "rest" : "err")} />
      <span>
        {children} {code !== undefined && <code>{code}</code>}
      </span>
      {actions !== undefined && <span class="r">{actions}</span>}
    </div>
  );
}
