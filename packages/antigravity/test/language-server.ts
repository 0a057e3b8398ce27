// Stands for a running Antigravity's language server: its command line, its port, its answer.
import { createServer as createOpenServer, type RequestListener } from "node:http";
import { createServer } from "node:https";
import { selfSigned } from "./self-signed.ts";

const token = process.argv[process.argv.indexOf("--csrf_token") + 1];
const isOpen = process.argv.includes("--without-tls");

const answer: RequestListener = (request, response) => {
  const isAsked =
    request.url === "/exa.language_server_pb.LanguageServerService/GetUserStatus" &&
    request.method === "POST";
  if (!isAsked || request.headers["x-codeium-csrf-token"] !== token) {
    response.statusCode = 401;
    return response.end("{}");
  }
  const quotaInfo = { remainingFraction: 0.18, resetTime: "2099-01-01T00:00:00Z" };
  const clientModelConfigs = [{ label: "Claude Sonnet 4.5", modelOrAlias: { model: "M" }, quotaInfo }];
  const planStatus = { availablePromptCredits: 7, planInfo: { monthlyPromptCredits: 100 } };
  response.setHeader("content-type", "application/json");
  return response.end(
    JSON.stringify({
      userStatus: { email: "canary@example.com", planStatus, cascadeModelConfigData: { clientModelConfigs } },
    }),
  );
};

const server = isOpen ? createOpenServer(answer) : createServer(selfSigned(), answer);
server.listen(0, "127.0.0.1", () => {
  process.stdout.write("listening\n");
});
process.stdin.resume().once("end", () => process.exit());
