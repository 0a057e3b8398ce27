export type { Answer } from "./answer.ts";
export type { BodySource, Chunk, ClientBody } from "./body-source.ts";
export { createConnector, type Connector } from "./create-connector.ts";
export type { ModelRequest } from "./model-request.ts";
export type {
  AccessToken,
  AccountPool,
  ConnectorDeps,
  DecisionLog,
  HeaderFields,
  Limits,
  Placement,
  PoolSnapshot,
  Timers,
  TokenSource,
  Transport,
  UpstreamAnswer,
  UpstreamRequest,
} from "./ports.ts";
export type { Refusal, RefusalDetails } from "./refusal.ts";
export { upstreamAnswer, webResponse } from "./web.ts";
