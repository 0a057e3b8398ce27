import { signal, type Signal } from "../state/signal.ts";

/** What this browser remembers of how the page is looked at; nothing of the accounts. */
export interface Preferences {
  /** `undefined` follows the system. */
  readonly theme: Signal<"light" | "dark" | undefined>;
  /** E-mail addresses are hidden. */
  readonly isPrivate: Signal<boolean>;
}

/** Reads the preferences, and puts them on the page's root whenever they change. */
export function createPreferences(root: HTMLElement, storage: Storage): Preferences {
  const kept = storage.getItem("oma.theme");
  const theme = signal<"light" | "dark" | undefined>(kept === "light" || kept === "dark" ? kept : undefined);
  const isPrivate = signal(storage.getItem("oma.private") === "yes");
  const show = (): void => {
    if (theme.value !== undefined) root.dataset["theme"] = theme.value;
    root.toggleAttribute("data-private", isPrivate.value);
    try {
      if (theme.value !== undefined) storage.setItem("oma.theme", theme.value);
      storage.setItem("oma.private", isPrivate.value ? "yes" : "no");
    } catch {
      // Where the browser keeps nothing, it holds for this visit.
    }
  };
  theme.subscribe(show);
  isPrivate.subscribe(show);
  show();
  return { theme, isPrivate };
}
