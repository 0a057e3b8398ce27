export {
  startApiServer,
  type ApiServer,
  type ApiServerError,
  type ApiServerOptions,
  type OtherServer,
} from "./api/api-server.ts";
export { createProblemLog, type ProblemLog } from "./api/problem-log.ts";
