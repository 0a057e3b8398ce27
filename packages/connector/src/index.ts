export { createConnector, type Connector } from "./create-connector.ts";
export type { ModelRequest } from "./model-request.ts";
export type {
  AccessToken,
  AccountPool,
  ConnectorDeps,
  DecisionLog,
  Limits,
  Placement,
  PoolSnapshot,
  Timers,
  TokenSource,
  Transport,
  UpstreamRequest,
} from "./ports.ts";
export type { Refusal, RefusalDetails } from "./refusal.ts";
