import { signal, type ReadonlySignal } from "../state/signal.ts";

/** The four views, by their place in the address: `#/pool` and so on. */
export const VIEWS = ["pool", "activity", "settings", "health"] as const;
export type View = (typeof VIEWS)[number];

/** The view that a fragment names; what comes after it is the view's own. */
export function viewOf(hash: string): View {
  const [, name] = hash.split("/");
  return VIEWS.find((view) => view === name) ?? "pool";
}

/** Follows the address. */
export function routeOf(window: Window): ReadonlySignal<View> {
  const route = signal(viewOf(window.location.hash));
  window.addEventListener("hashchange", () => (route.value = viewOf(window.location.hash)));
  return route;
}
