export { errorBody, type ErrorAnswer } from "./errors.ts";
export type {
  AnswerBody,
  AnswerChunk,
  GatewayAnswer,
  GatewayDeps,
  GatewayRefusal,
  GatewayRequest,
  PoolUsage,
  PoolWindow,
  RequestHandler,
} from "./ports.ts";
