import type { StoreError } from "../errors.ts";

/** Tells of problems: what happened once is told once, what lasts is told when it begins. */
export class Problems {
  readonly #onProblem: (problem: StoreError) => void;
  readonly #lasting = new Map<"read" | "write", StoreError["code"]>();

  constructor(onProblem: (problem: StoreError) => void) {
    this.#onProblem = onProblem;
  }

  /** Told outside the caller's turn, so that whoever listens cannot fail it. */
  tell(problem: StoreError): void {
    queueMicrotask(() => this.#onProblem(problem));
  }

  /** An operation failed; told unless it failed like this the last time too. */
  failed(operation: "read" | "write", problem: StoreError): void {
    if (this.#lasting.get(operation) !== problem.code) this.tell(problem);
    this.#lasting.set(operation, problem.code);
  }

  succeeded(operation: "read" | "write"): void {
    this.#lasting.delete(operation);
  }
}
