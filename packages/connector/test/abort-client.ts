import { createKit, prompt } from "./kit.ts";
import type { Login } from "./memory-pool.ts";

// A client of its own process: argv has {backendUrl, issuerUrl, logins, when, how}. It prints what was noted.
const task: Task = JSON.parse(process.argv[2] ?? "");
const { when, how, ...stage } = task;

interface Task {
  readonly backendUrl: string;
  readonly issuerUrl: string;
  readonly logins: readonly Login[];
  /** `head`: while the upstream has not answered; `body`: after the first chunk of the answer. */
  readonly when: "head" | "body";
  /** `signal`: the request's signal aborts; `cancel`: the body is cancelled. */
  readonly how: "signal" | "cancel";
}

const { connector, pool, records } = createKit(stage);
const controller = new AbortController();
const handled = connector.handle(prompt("hi", { signal: controller.signal }));
let ended = "";
if (when === "head") {
  process.stdout.write("asked\n");
  process.stdin.once("data", () => controller.abort());
  const result = await handled;
  ended = result.isErr() ? result.error.code : "answered";
} else {
  const reader = (await handled)._unsafeUnwrap().body!.getReader();
  await reader.read();
  if (how === "signal") controller.abort();
  else await reader.cancel();
  ended = await reader.read().then(
    ({ done }) => (done ? "closed" : "read on"),
    () => "errored",
  );
}
process.stdout.write(`${JSON.stringify({ ended, events: pool.events, outcome: records[0]?.outcome })}\n`);
// Stays alive, so that only the abort can have closed the connection.
setInterval(() => {}, 60_000);
