export { createApi, type Api, type ApiDeps } from "./api.ts";
export type { ApiContract } from "./contract.ts";
export type { EventHub } from "./events/event-hub.ts";
export { describeApi } from "./openapi.ts";
export type {
  AntigravityPort,
  ApiClock,
  ApiPorts,
  Changes,
  DecisionsPort,
  DoctorPort,
  Happening,
  ImportWishInput,
  LinkWishInput,
  RecordsPort,
  ReauthWishInput,
  StatePort,
} from "./ports.ts";
export { decisionView } from "./decision-view.ts";
export { withFix } from "./http/fixes.ts";
export { route, type Call, type Method, type Route, type RouteDeps } from "./route.ts";
export { routes } from "./routes/index.ts";
export type { AccountDetail, AccountPatch } from "./schemas/account.ts";
export type { AntigravityReading } from "./schemas/antigravity.ts";
export type { Imported } from "./schemas/backup.ts";
export type { DecisionView } from "./schemas/decision.ts";
export type { FoundLogin, LoginImported, LoginSource } from "./schemas/logins.ts";
export type { DoctorReport } from "./schemas/doctor.ts";
export { apiEventSchema, type ApiEvent } from "./schemas/events.ts";
export type { ProbeProgress, TokensRefreshed } from "./schemas/limits.ts";
export type { LinkView } from "./schemas/link.ts";
export type { SettingsAnswer } from "./schemas/settings.ts";
export {
  stateSchema,
  type Counters,
  type ProblemView,
  type RunwayView,
  type StateView,
} from "./schemas/state.ts";
export { createSessions, type Caller, type Secrets, type Sessions } from "./sessions.ts";
