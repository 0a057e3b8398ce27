// A program of the pool behind a proxy: sends one prompt, says what came of it.
import { openPool, useEnvironmentProxy, webResponse } from "../src/index.ts";
import { prompt } from "./rig.ts";

useEnvironmentProxy(process.env);
const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const calledOff = new AbortController();
process.stdin.once("data", () => calledOff.abort());
const answer = await (await pool.serve())._unsafeUnwrap().handle({ ...prompt(), signal: calledOff.signal });
const text = answer.isOk() ? await webResponse(answer.value).text() : answer.error.code;
process.stdout.write(JSON.stringify({ text, views: pool.views() }));
process.stdin.destroy();
await pool.close();
