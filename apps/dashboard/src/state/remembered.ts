import type { StateView } from "@open-multi-auth/loopback-api/client";

const KEY = "oma.state";

/** The last state of this tab, to paint at once after a reload. It holds no token: the API sends none. */
export interface Remembered {
  readonly read: () => StateView | undefined;
  readonly write: (state: StateView) => void;
}

/** @param storage the tab's own, gone when it is closed */
export function rememberedIn(storage: Storage, version: string): Remembered {
  return {
    read: () => {
      try {
        const kept: { version: string; state: StateView } | null = JSON.parse(storage.getItem(KEY) ?? "null");
        return kept?.version === version ? kept.state : undefined;
      } catch {
        return undefined;
      }
    },
    write: (state) => {
      try {
        storage.setItem(KEY, JSON.stringify({ version, state }));
      } catch {
        // A full or forbidden storage only costs the next first paint.
      }
    },
  };
}
