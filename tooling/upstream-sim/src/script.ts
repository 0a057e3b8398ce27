import { kindsOf, type Endpoint, type Step } from "./behaviour.ts";
import { fieldsOf, type Fields } from "./request.ts";

/** The step a request meets, and the script that is left after it. */
export interface Taken<E extends Endpoint> {
  readonly step: Step<E> | null;
  readonly rest: readonly Step<E>[];
}

/** Takes the first step that concerns `model` and counts it down; null means: behave normally. */
export function takeStep<E extends Endpoint>(script: readonly Step<E>[], model: string | null): Taken<E> {
  const index = script.findIndex(
    ({ models }) => models === undefined || (model !== null && models.includes(model)),
  );
  const step = script[index];
  if (step === undefined) return { step: null, rest: script };
  return { step, rest: script.toSpliced(index, 1, ...remainder(step)) };
}

/** Why `steps` cannot be a script of this endpoint, or null when it can. Scripts also come over HTTP. */
export function scriptProblem(endpoint: Endpoint, steps: unknown): string | null {
  if (!Object.hasOwn(kindsOf, endpoint)) return `no endpoint ${endpoint}`;
  if (!Array.isArray(steps)) return "steps is not a list";
  const problems = steps.map((step) => stepProblem(endpoint, fieldsOf(step)));
  return problems.find((problem) => problem !== null) ?? null;
}

function stepProblem(endpoint: Endpoint, { kind, times = 1 }: Fields): string | null {
  const known: readonly unknown[] = kindsOf[endpoint];
  if (!known.includes(kind)) {
    return `"${String(kind)}" is no behaviour of ${endpoint}; known: ${known.join(", ")}`;
  }
  if (times === "always" || (Number.isInteger(times) && Number(times) > 0)) return null;
  return `times of "${String(kind)}" is neither a positive whole number nor "always"`;
}

function remainder<E extends Endpoint>(step: Step<E>): readonly Step<E>[] {
  const { times = 1 } = step;
  if (times === "always") return [step];
  return times > 1 ? [{ ...step, times: times - 1 }] : [];
}
