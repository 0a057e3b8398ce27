import { signal, type ReadonlySignal } from "./signal.ts";

const DONE_MS = 4_000;

/** What happened, and what can be done about it at once. */
export interface Toast {
  readonly kind: "done" | "error";
  readonly title: string;
  /** What stays true. */
  readonly text?: string;
  readonly code?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** The toasts of the page. */
export interface Toasts {
  readonly list: ReadonlySignal<readonly (Toast & { readonly id: number })[]>;
  readonly show: (toast: Toast) => void;
  readonly dismiss: (id: number) => void;
}

/** Successes leave after 4 s; errors stay until they are dismissed. */
export function createToasts(setTimeout: (run: () => void, ms: number) => unknown): Toasts {
  const list = signal<readonly (Toast & { readonly id: number })[]>([]);
  let last = 0;
  const dismiss = (id: number): void => {
    list.value = list.value.filter((toast) => toast.id !== id);
  };
  return {
    list,
    dismiss,
    show: (toast) => {
      const id = (last += 1);
      list.value = [...list.value, { ...toast, id }];
      if (toast.kind === "done") setTimeout(() => dismiss(id), DONE_MS);
    },
  };
}
