import type { ComponentChildren } from "preact";

/** What a view answers at a glance, and what that rests on. */
export function Answer({ title, children }: { title: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="digest">
      <h1 class="h1s">{title}</h1>
      {children && <p>{children}</p>}
    </div>
  );
}
