export { webResponse } from "@open-multi-auth/connector";
export type { Answer, ModelRequest, Refusal } from "@open-multi-auth/connector";
export type { Deed } from "./audit-log.ts";
export { proxyUse, useEnvironmentProxy, type ProxyUse } from "./environment-proxy.ts";
export { fetchPort } from "./http.ts";
export type {
  Link,
  LinkError,
  LinkMethod,
  LinkOutcome,
  LinkPrompt,
  LinkReport,
  LinkStartError,
  LinkState,
  LinkWish,
  OfferedWorkspace,
  PasteError,
} from "./linking/link.ts";
export { linkLogin, type LoginLinked, type LoginWish } from "./link-login.ts";
export { createLinking, type Linking, type LinkingOptions } from "./linking/linking.ts";
export type { EntriesSince, LogReader } from "./logs.ts";
export { poolMetrics, type PoolMetrics } from "./metrics.ts";
export { watchNotices, type NoticesOptions } from "./notices/notices.ts";
export { openBrowser, type Desktop } from "./open-browser.ts";
export { openPool, type OpenPoolOptions, type Pool } from "./open-pool.ts";
export { poolLog, type LogWish, type PoolLog } from "./pool-log.ts";
export { poolPaths, type PoolPaths } from "./paths.ts";
export { poolControl, type ForceCleared, type PoolControl } from "./pool-control.ts";
export { poolSeries, type PoolSeries, type PoolSeriesOptions } from "./series.ts";
export type { ServingPool } from "./serve-pool.ts";
export { systemKeychain, systemKeys, type SystemKeysOptions } from "./system-keys.ts";
export { switchAccount, type Switched, type SwitchError, type SwitchWish } from "./switch-account.ts";
export { systemClock, systemRandom, systemTimers, systemUser } from "./system.ts";
