/** What the driver tells a worker. Each is answered by `{id, ...}`. */
export type Order =
  | { readonly kind: "time"; readonly now: number }
  | { readonly kind: "ask"; readonly conversation: string }
  | { readonly kind: "force"; readonly alias: string }
  /** Waits until this process knows of the force, which another began. */
  | { readonly kind: "see-force"; readonly alias: string }
  | { readonly kind: "tag"; readonly alias: string; readonly tag: string }
  | { readonly kind: "probe"; readonly alias: string }
  /** Dies in the moment in which no renewal is under way: what the upstream gave out and nobody saved yet, no program could keep. */
  | { readonly kind: "crash" }
  | { readonly kind: "close" };

/** How an order ended: the answer's status and text, or the code of a failure. */
export interface Reply {
  readonly status?: number;
  readonly text?: string;
  readonly code?: string;
}
