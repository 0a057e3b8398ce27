import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { LinkButton } from "./button.tsx";

interface FoldProps<Item> {
  readonly items: readonly Item[];
  /** So many are shown at once. */
  readonly most: number;
  /** What the others are, after their number: "more accounts". */
  readonly word: string;
  readonly children: (shown: readonly Item[]) => ComponentChildren;
}

/** A list of which only the beginning is shown, until somebody wants the rest. */
export function Fold<Item>({ items, most, word, children }: FoldProps<Item>) {
  const [isAll, setAll] = useState(false);
  const hidden = isAll ? 0 : Math.max(0, items.length - most);
  return (
    <>
      {children(hidden === 0 ? items : items.slice(0, most))}
      {hidden > 0 && (
        <p class="fold">
          <LinkButton onClick={() => setAll(true)}>
            {hidden} {word}
          </LinkButton>
        </p>
      )}
    </>
  );
}
