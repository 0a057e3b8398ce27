export type { AccountOptions, OmittableTokenField } from "./account.ts";
export type { Endpoint, Step } from "./behaviour.ts";
export { connectUpstreamSim, type LogQuery, type UpstreamSimClient } from "./client.ts";
export { startConnectProxy, type ConnectProxy } from "./connect-proxy.ts";
export type { LogEntry, LogFilter, LogMode, LogPredicate, Outcome } from "./log.ts";
export { startUpstreamSim, type SecureSide, type StartOptions, type UpstreamSim } from "./sim.ts";
export type { TokenSet } from "./tokens.ts";
export type { AccountView, SimVerbs } from "./verbs.ts";
export type { QuotaWindow, WindowName } from "./windows.ts";
