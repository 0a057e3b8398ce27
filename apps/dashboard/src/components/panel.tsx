import type { ComponentChildren, HTMLAttributes } from "preact";

interface PanelProps extends Pick<
  HTMLAttributes,
  "onMouseEnter" | "onMouseLeave" | "onFocusIn" | "onFocusOut"
> {
  /** Of its heading, which names it. */
  readonly id: string;
  readonly title: string;
  /** Said beside the title. */
  readonly sub?: ComponentChildren;
  /** What can be done with it, at the right. */
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A part of a view with its heading; it reaches the edges of a phone. */
export function Panel({ id, title, sub, actions, class: more, children, ...listeners }: PanelProps) {
  return (
    <section class={`panel bleed ${more ?? ""}`} aria-labelledby={id} {...listeners}>
      <div class="p-head">
        <h2 id={id}>{title}</h2>
        {sub && <span class="sub">{sub}</span>}
        {actions && <span class="r">{actions}</span>}
      </div>
      {children}
    </section>
  );
}
