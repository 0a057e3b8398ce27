import { useEffect, useState } from "preact/hooks";

/** A value that can be watched. */
export interface ReadonlySignal<Value> {
  readonly value: Value;
  /** @returns how to stop watching */
  readonly subscribe: (watcher: () => void) => () => void;
}

/** The same, for who may change it. */
export interface Signal<Value> extends ReadonlySignal<Value> {
  value: Value;
}

/** A value that tells its watchers whenever it becomes another one. */
export function signal<Value>(first: Value): Signal<Value> {
  let current = first;
  const watchers = new Set<() => void>();
  return {
    get value() {
      return current;
    },
    set value(next) {
      if (next === current) return;
      current = next;
      for (const watcher of watchers) watcher();
    },
    subscribe: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}

/** What a component shows of a signal; it is drawn anew when that changes. */
export function useValue<Value>(watched: ReadonlySignal<Value>): Value;
export function useValue<Value, Seen>(watched: ReadonlySignal<Value>, see: (value: Value) => Seen): Seen;
export function useValue<Value>(
  watched: ReadonlySignal<Value>,
  see: (value: Value) => unknown = (value) => value,
): unknown {
  const look = (): unknown => see(watched.value);
  const [, setSeen] = useState(look);
  useEffect(() => {
    const draw = (): void => setSeen(look);
    // It may have changed between the drawing and now.
    draw();
    return watched.subscribe(draw);
  }, [watched]);
  return look();
}
