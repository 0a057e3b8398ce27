import http from "node:http";

/** The least that passes a request on and its answer back: no key, no account, nothing looked at. */
const [ownPort = "", upstreamUrl = "", authorization = "", accountId = ""] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(`${upstreamUrl}/codex/responses`);
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const credential = { authorization, "chatgpt-account-id": accountId };
  const headers = { ...request.headers, ...credential, host: `${hostname}:${port}` };
  const upstream = http.request({ agent, hostname, port, path: pathname, method: "POST", headers });
  upstream.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on("error", (cause) => {
    throw cause;
  });
  request.pipe(upstream);
});
server.listen(Number(ownPort), "127.0.0.1", () => process.stdout.write("listening\n"));
