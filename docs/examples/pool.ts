// Asks the pool one question and prints the answer's events. Run it in a project that has @open-multi-auth/runtime-node:
//   node pool.ts
import { openPool } from "@open-multi-auth/runtime-node";

const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const serving = (await pool.serve())._unsafeUnwrap();
const content = [{ type: "input_text", text: "Say hello" }];
const answer = await serving.handle({
  path: "/responses",
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    model: "gpt-5.5",
    instructions: "Be brief.",
    input: [{ role: "user", content }],
    store: false,
    stream: true,
  }),
});
process.stdout.write(answer.isOk() ? await answer.value.text() : `${answer.error.code}\n`);
await pool.close();
