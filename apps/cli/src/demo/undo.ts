/** Steps that let go of what was taken. */
export interface Undo {
  add(step: () => unknown): void;
  /** Does every step, the last one first; what one of them throws is thrown after the others. */
  all(): Promise<void>;
}

/** Collects steps to be undone. */
export function createUndo(): Undo {
  const steps: (() => unknown)[] = [];
  return {
    add: (step) => void steps.push(step),
    async all() {
      const problems: unknown[] = [];
      for (const step of steps.toReversed()) {
        try {
          await step();
        } catch (thrown) {
          problems.push(thrown);
        }
      }
      if (problems.length > 0) throw problems[0];
    },
  };
}
