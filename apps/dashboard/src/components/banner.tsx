import type { ComponentChildren } from "preact";
import { Glyph } from "./glyph.tsx";

/** Above a view: something that concerns all of it. */
export function Banner({
  critical = false,
  children,
  actions,
}: {
  readonly critical?: boolean;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <div class={critical ? "banner crit" : "banner"} role={critical ? "alert" : "status"}>
      <Glyph name={critical ? "err" : "warn"} />
      <p>{children}</p>
      {actions !== undefined && <span class="r">{actions}</span>}
    </div>
  );
}
