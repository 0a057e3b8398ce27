import { signal, type Signal } from "@preact/signals";

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
  theme.subscribe((value) => {
    if (value === undefined) delete root.dataset["theme"];
    else {
      root.dataset["theme"] = value;
      storage.setItem("oma.theme", value);
    }
  });
  isPrivate.subscribe((value) => {
    root.toggleAttribute("data-private", value);
    storage.setItem("oma.private", value ? "yes" : "no");
  });
  return { theme, isPrivate };
}
