import type { StoreV2 } from "@open-multi-auth/domain";

type Listener = (store: StoreV2) => void;

/** Those who want to know of changes: told once per turn of the event loop, of the newest state. */
export class Listeners {
  readonly #listeners = new Set<Listener>();
  readonly #state: () => StoreV2;
  #due = false;

  constructor(state: () => StoreV2) {
    this.#state = state;
  }

  /** @returns what ends the subscription */
  add(listener: Listener): () => void {
    // Wrapped, so that the same function can subscribe twice and leave once.
    const own: Listener = (store) => listener(store);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  changed(): void {
    if (this.#due || this.#listeners.size === 0) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      for (const listener of this.#listeners) tell(listener, this.#state());
    });
  }
}

/** A listener that throws fails alone: as an unhandled error, after the others were told. */
function tell(listener: Listener, store: StoreV2): void {
  try {
    listener(store);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
