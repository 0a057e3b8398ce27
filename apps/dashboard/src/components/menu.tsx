import { useLayoutEffect, useRef } from "preact/hooks";

/** One entry; `null` draws a line. */
export type MenuItem = {
  readonly label: string;
  readonly onSelect: () => void;
  readonly isDangerous?: boolean;
} | null;

interface MenuProps {
  readonly label: string;
  readonly opener: HTMLElement;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** A menu at its opener: arrows move, Escape and a click elsewhere close it, the focus goes back. */
export function Menu({ label, opener, items, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = menu;
    if (current === null) return undefined;
    current.showPopover();
    place(current, opener);
    current.querySelector("button")?.focus();
    return () => opener.focus();
  }, [opener]);
  return (
    <div
      ref={menu}
      class="menu"
      popover="auto"
      role="menu"
      aria-label={label}
      // Before the focus is back at the opener, which the next key may press again.
      onBeforeToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
      onKeyDown={(event) => {
        if (move(event.currentTarget, event.key)) event.preventDefault();
      }}
    >
      {items.map((item, index) =>
        item === null ? (
          // oxlint-disable-next-line react/no-array-index-key
          <hr key={index} />
        ) : (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            class={item.isDangerous === true ? "crit-t" : undefined}
            onClick={() => {
              onClose();
              item.onSelect();
            }}
          >
            {item.label}
          </button>
        ),
      )}
    </div>
  );
}

function place(menu: HTMLElement, opener: HTMLElement): void {
  const { right, bottom } = opener.getBoundingClientRect();
  menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
  menu.style.top = `${Math.max(8, Math.min(window.innerHeight - menu.offsetHeight - 8, bottom + 4))}px`;
}

/** @returns whether the key was one of the menu's */
function move(menu: HTMLElement, key: string): boolean {
  const items = [...menu.querySelectorAll("button")];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  if (to === undefined) return false;
  items.at(to % items.length)?.focus();
  return true;
}
