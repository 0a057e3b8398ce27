/** The host's events: published to whoever has subscribed, until they or the host end it. */
export interface Events {
  publish(event: object): void;
  subscribe(options?: { signal?: AbortSignal }): AsyncIterable<object>;
  close(): void;
}

const CLOSED = { type: "closed" };

export function createEvents(): Events {
  const listeners = new Set<(event: object) => void>();

  async function* events(signal: AbortSignal | undefined): AsyncGenerator<object> {
    const queue: object[] = [];
    let wake: (() => void) | undefined;
    const listen = (event: object): void => {
      queue.push(event);
      wake?.();
    };
    listeners.add(listen);
    signal?.addEventListener("abort", () => listen(CLOSED));
    for (;;) {
      const event = queue.shift();
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (event === CLOSED) return void listeners.delete(listen);
      else yield event;
    }
  }

  function publish(event: object): void {
    for (const listen of listeners) listen(event);
  }

  return { publish, subscribe: ({ signal } = {}) => events(signal), close: () => publish(CLOSED) };
}
