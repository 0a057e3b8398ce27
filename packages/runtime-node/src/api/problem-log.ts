import { toIso, type Clock, type Failure } from "@open-multi-auth/domain";
import { withFix, type ProblemView } from "@open-multi-auth/loopback-api";

/** What went wrong in the background of a long-lived process. */
export interface ProblemLog {
  /** For `openPool`'s `onProblem`. */
  readonly note: (problem: Failure) => void;
  /** Newest first, each code and message once. */
  list(): readonly ProblemView[];
  subscribe(listener: (problem: ProblemView) => void): () => void;
}

const MOST = 20;

/** Keeps the newest few. */
export function createProblemLog(clock: Clock): ProblemLog {
  const listeners = new Set<(problem: ProblemView) => void>();
  let problems: readonly ProblemView[] = [];
  return {
    note(noted) {
      const { code, message } = noted;
      const fix: unknown = Reflect.get(withFix(noted).details, "fix");
      const at = toIso(clock.now()) ?? "";
      const problem = { at, code, message, ...(typeof fix === "string" && { fix }) };
      const others = problems.filter((known) => known.code !== code || known.message !== message);
      problems = [problem, ...others].slice(0, MOST);
      for (const listener of listeners) listener(problem);
    },
    list: () => problems,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
