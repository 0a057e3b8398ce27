export interface Gates {
  /** Resolves once the gate has been released; at once if it was released before. */
  passed(name: string): Promise<void>;
  release(name: string): void;
}

export function createGates(): Gates {
  const released = new Set<string>();
  const waiting = new Map<string, Set<() => void>>();

  return {
    passed(name) {
      if (released.has(name)) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.set(name, (waiting.get(name) ?? new Set()).add(resolve));
      });
    },
    release(name) {
      released.add(name);
      for (const resolve of waiting.get(name) ?? []) resolve();
      waiting.delete(name);
    },
  };
}
