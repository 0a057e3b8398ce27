export {
  newAccount,
  type Account,
  type Credential,
  type Health,
  type NewAccount,
  type SharedFile,
} from "./account.ts";
export { accountSchema } from "./account.ts";
export {
  accountViewSchema,
  limitsConfidence,
  type AccountView,
  type LimitsConfidence,
} from "./account-view.ts";
export {
  disableAccount,
  enableAccount,
  findAccount,
  removeAccount,
  type AccountNotFound,
  type AlreadyInState,
  type Disabling,
  type LastEnabledAccount,
} from "./account-changes.ts";
export {
  describeAccount,
  renameAccount,
  type AccountDetails,
  type DetailsInvalid,
} from "./account-details.ts";
export { linkAccount, type AliasTaken, type Linked, type Linking } from "./account-linking.ts";
export {
  alreadyLinked,
  relinkAccount,
  type AccountAlreadyLinked,
  type IdentityMismatch,
  type Relinking,
} from "./account-relinking.ts";
export type { Actor } from "./actor.ts";
export {
  auditChanges,
  auditEntrySchema,
  type AuditAction,
  type AuditChange,
  type AuditEntry,
} from "./audit.ts";
export { constraintOf } from "./constraint.ts";
export { explainReason } from "./decision-words.ts";
export { decisionRecordSchema, type DecisionRecord, type RequestOutcome } from "./decision-record.ts";
export {
  AUTH_ISSUER_URL,
  ENVIRONMENT_VARIABLES,
  environmentSettings,
  parseEnvironment,
  REDIRECT_PORTS,
  UPSTREAM_URL,
  type Environment,
  type EnvironmentIssue,
} from "./environment.ts";
export { ENVIRONMENT_PREFIX, variableOf } from "./environment-names.ts";
export { explainDecision, explainOutcome, type DecisionWhy, type Explained } from "./explain-decision.ts";
export { failure, messageOf, type Failure } from "./failure.ts";
export { FORCE_MS, forceOf, parseForceRequest, withoutForce, withStrategy, type Force } from "./force.ts";
export { forceView, forceViewSchema, type ForceView } from "./force-view.ts";
export {
  addGatewayKey,
  revokeGatewayKey,
  type GatewayKey,
  type GatewayKeyError,
  type GatewayKeyNotFound,
} from "./gateway-key.ts";
export type { Fetch, HttpAnswer, HttpRequest } from "./fetch.ts";
export { guardRequest, type GuardedRequest, type GuardRefusal } from "./http-guard.ts";
export {
  accountId,
  parseAlias,
  requestId,
  sessionId,
  type AccountId,
  type Alias,
  type AliasInvalid,
  type Model,
  type RequestId,
  type SessionId,
} from "./ids.ts";
export { incidentSchema, type Incident, type OccasionKind } from "./incident.ts";
export { changeEntry, incidentEntry, logEntrySchema, requestEntry, type LogEntry } from "./log-entry.ts";
export {
  createMetricsTally,
  failovers,
  isInterruptionKept,
  metricsOf,
  metricsSchema,
  type Metrics,
  type MetricsTally,
} from "./metrics.ts";
export { METRICS_CONTENT_TYPE, metricsText } from "./metrics-text.ts";
export { PRESET_NAMES, PRESETS, type PresetName } from "./preset-patches.ts";
export { applyPreset } from "./presets.ts";
export type { Random } from "./random.ts";
export {
  FIVE_HOUR_MINUTES,
  WEEKLY_MINUTES,
  type ObservedLimits,
  type ProbeSource,
  type RateLimitWindow,
} from "./rate-limit-window.ts";
export type { FailoverReason, Ineligibility, VerdictKind } from "./reasons.ts";
export { presence, redact } from "./redact.ts";
export { parseRuntimeSettings, type ParsedRuntimeSettings } from "./runtime-settings.ts";
export {
  changeSettings,
  isSettingName,
  persistedSettings,
  resetSettings,
  type HigherLayers,
} from "./settings-changes.ts";
export {
  MODEL_NAME,
  PERCENT,
  PROBE_INTERVAL_MS,
  PROBE_MODELS,
  TRANSIENT_ATTEMPTS,
  WEIGHT,
} from "./settings-bounds.ts";
export { SETTINGS_DEFAULTS } from "./settings-defaults.ts";
export {
  countInSeries,
  emptySeries,
  readIntoSeries,
  SERIES_DAYS,
  seriesSchema,
  type Series,
  type SeriesReadings,
} from "./series.ts";
export { seriesView, seriesViewSchema, type SeriesView } from "./series-view.ts";
export { settingsView, settingsViewSchema, type SettingsView } from "./settings-view.ts";
export {
  persistedSettingsSchema,
  resolveSettings,
  runtimeSettingsSchema,
  SETTING_NAMES,
  strategySchema,
  type EnvironmentSettings,
  type PersistedSettings,
  type ResolvedSettings,
  type RuntimeSettings,
  type SettingName,
  type SettingOrigin,
  type Settings,
  type SettingsLayers,
  type Strategy,
} from "./settings.ts";
export { spokenLength } from "./spoken-length.ts";
export { wholePercent } from "./whole-percent.ts";
export {
  accountsOf,
  emptyStore,
  storeEnvelopeSchema,
  storeSchema,
  type Affinity,
  type RotationState,
  type StoreV2,
} from "./store.ts";
export { after, epochMs, toIso, type Clock, type DurationMs, type EpochMs } from "./time.ts";
export { issuesOf, validationError, type ValidationError, type ValidationIssue } from "./validation.ts";
