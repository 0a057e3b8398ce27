import { kindsOf, type Endpoint, type Step } from "./behaviour.ts";

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

/** Why `steps` cannot be a script of this endpoint, or null when it can. */
export function scriptProblem(
  endpoint: Endpoint,
  steps: readonly { readonly kind: string }[],
): string | null {
  const known: readonly string[] = kindsOf[endpoint];
  const unknown = steps.find((step) => !known.includes(step.kind));
  if (unknown === undefined) return null;
  return `"${unknown.kind}" is no behaviour of ${endpoint}; known: ${known.join(", ")}`;
}

function remainder<E extends Endpoint>(step: Step<E>): readonly Step<E>[] {
  const { times = 1 } = step;
  if (times === "always") return [step];
  return times > 1 ? [{ ...step, times: times - 1 }] : [];
}
