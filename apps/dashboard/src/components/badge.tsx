import type { ComponentChildren } from "preact";
import { Glyph, type GlyphName } from "./glyph.tsx";

/** A small framed word, such as a tag. */
export function Tag({ children, title }: { readonly children: ComponentChildren; readonly title?: string }) {
  return (
    <span class="tag" title={title}>
      {children}
    </span>
  );
}

/** A state as shape and word, with what belongs to it. */
export function Status({
  glyph,
  word,
  children,
}: {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <span class="status">
      <Glyph name={glyph} /> <b>{word}</b> {children}
    </span>
  );
}
