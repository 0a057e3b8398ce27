import { HARD_SCENARIOS } from "./hard-scenarios.ts";
import type { Scenario } from "./model/scenario.ts";
import { MAIN_SCENARIOS } from "./scenarios.ts";

/** Everything that is simulated, in the order of the page. */
export const ALL_SCENARIOS: readonly Scenario[] = [...MAIN_SCENARIOS, ...HARD_SCENARIOS];
