// A program of the pool behind a proxy: sends one prompt, through the gateway where told so, and says what came of it.
import { gatewayKeys, openGateway } from "../src/gateway.ts";
import { openPool, useEnvironmentProxy, webResponse, type Pool } from "../src/index.ts";
import { prompt } from "./rig.ts";

useEnvironmentProxy(process.env);
const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const calledOff = new AbortController();
process.stdin.once("data", () => calledOff.abort());
const text = process.argv[2] === "gateway" ? await askGateway(pool) : await ask(pool);
process.stdout.write(JSON.stringify({ text, views: pool.views() }));
process.stdin.destroy();
await pool.close();

async function ask(behind: Pool): Promise<string> {
  const serving = (await behind.serve())._unsafeUnwrap();
  const answer = await serving.handle({ ...prompt(), signal: calledOff.signal });
  return answer.isOk() ? webResponse(answer.value).text() : answer.error.code;
}

async function askGateway(behind: Pool): Promise<string> {
  const key = (await gatewayKeys(behind, { via: "cli" }).create("test"))._unsafeUnwrap();
  const gateway = (await openGateway(behind, { port: 0, version: "1" }))._unsafeUnwrap();
  const answer = await fetch(`${gateway.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.5", stream: true, input: "hello" }),
  });
  const said = await answer.text();
  await gateway.close();
  return said;
}
