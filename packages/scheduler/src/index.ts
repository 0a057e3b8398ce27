export { applyAccountEvent, isDurable, type AccountEvent, type EventContext } from "./account-event.ts";
export {
  afterClockJump,
  bindSession,
  boundAccount,
  homeAccount,
  liveSessions,
  type Conversation,
} from "./affinity.ts";
export { watchClock } from "./clock-jump.ts";
export { eligibility, type Eligibility, type EligibilityContext } from "./eligibility.ts";
export { activateForce, settleForce, type ForceEnd, type ForceError, type Forcing } from "./force.ts";
export { healthState } from "./health.ts";
export { windowNow, type Slot, type WindowNow } from "./remaining.ts";
export { select } from "./select.ts";
export type {
  Candidate,
  Counts,
  Selection,
  SelectionRequest,
  SelectionState,
  SelectionWhy,
} from "./state.ts";
export { reserveOf, sharesOf, weightOf } from "./weights.ts";
