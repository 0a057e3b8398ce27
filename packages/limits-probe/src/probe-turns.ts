import type { Environment, Model, Settings } from "@open-multi-auth/domain";

/** What the turn that only measures limits is made with, when nobody chose otherwise: the cheapest there is. */
const DEFAULT_EFFORT = "low";

/** A model turn that measures limits. */
export interface ProbeTurn {
  readonly model: Model;
  readonly effort: string;
}

/**
 * The turns to try, in order: each model once, in the order of the settings, with the effort of the environment.
 *
 * @param refused models that the account may not use; they would only waste a turn
 */
export function probeTurns(
  settings: Pick<Settings, "probeModels">,
  environment: Environment,
  refused: ReadonlySet<Model> = new Set(),
): readonly ProbeTurn[] {
  const effort = environment.values.PROBE_EFFORT ?? DEFAULT_EFFORT;
  return settings.probeModels
    .filter((model, index, all) => all.indexOf(model) === index && !refused.has(model))
    .map((model) => ({ model, effort }));
}

/** What follows a turn whose effort the model does not know: once more with `low`, unless it was that already. */
export function afterEffortRefused({ model, effort }: ProbeTurn): ProbeTurn | undefined {
  return effort === DEFAULT_EFFORT ? undefined : { model, effort: DEFAULT_EFFORT };
}
