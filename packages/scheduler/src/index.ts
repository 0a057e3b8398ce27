export { applyAccountEvent, isDurable, type AccountEvent, type EventContext } from "./account-event.ts";
export { bindSession, boundAccount, type Conversation } from "./affinity.ts";
export { eligibility, type Eligibility, type EligibilityContext } from "./eligibility.ts";
export { healthState } from "./health.ts";
export { select } from "./select.ts";
export type { Candidate, Selection, SelectionRequest, SelectionState } from "./state.ts";
export { reserveOf, weightOf } from "./weights.ts";
