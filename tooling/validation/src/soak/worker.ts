// First, so that what is loaded next finds these timers.
import { time } from "./worker-time.ts";
import { describeAccount, parseAlias, sessionId, type Failure } from "@open-multi-auth/domain";
import { openPool, poolControl, webResponse } from "@open-multi-auth/runtime-node";
import { openLimits } from "@open-multi-auth/runtime-node/limits";
import type { Result } from "neverthrow";
import type { Order, Reply } from "./messages.ts";

/** One process of the soak: a pool that answers what the driver asks. */
const pool = (await openPool({ env: process.env, ...(time && { clock: time }) }))._unsafeUnwrap();
const control = poolControl(pool, { via: "api" });
const limits = openLimits(pool, time && { clock: time });
const serving = (await pool.serve())._unsafeUnwrap();

process.on("message", ({ id, order }: { id: number; order: Order }) => {
  void carryOut(order).then((reply) => process.send?.({ id, reply }));
});
// Without its driver it has nothing to do.
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });

async function carryOut(order: Order): Promise<Reply> {
  switch (order.kind) {
    case "time":
      time?.moveTo(order.now);
      return {};
    case "ask":
      return ask(order.conversation);
    case "force":
      return outcome(await control.activateForce(order.alias));
    case "see-force":
      return seeForce(order.alias);
    case "tag":
      return outcome(await pool.store.update((store) => addTag(store, order)));
    case "probe": {
      const find = () => Object.values(pool.state().accounts).find(({ alias }) => alias === order.alias);
      const before = find();
      if (!before) return { code: "ACCOUNT_NOT_FOUND" };
      const report = await limits.probe(before.id, { maySpendQuota: false });
      const hasSucceeded = report.kind === "probed" && report.outcome.kind === "success";
      const isKept = JSON.stringify(before.rateLimits) === JSON.stringify(find()?.rateLimits);
      return hasSucceeded || isKept ? {} : { code: "LIMITS_CHANGED_BY_A_FAILED_PROBE" };
    }
    case "crash":
      await pool.tokens.settled();
      // Within the same turn: a token that is exchanged but not yet saved would be lost by anybody's hand.
      process.kill(process.pid, "SIGKILL");
      return {};
    case "close":
      return outcome(await pool.close());
    default:
      return order satisfies never;
  }
}

async function ask(conversation: string): Promise<Reply> {
  const input = [{ role: "user", content: [{ type: "input_text", text: "hello" }] }];
  const answer = await serving.handle({
    path: "/responses",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.5", store: false, stream: true, instructions: "", input }),
    sessionId: sessionId(conversation),
  });
  if (answer.isErr()) return { code: answer.error.code };
  const text = await webResponse(answer.value).text();
  return { status: answer.value.status, text: / answered/.test(text) ? "whole" : text.slice(0, 200) };
}

const SEEN_WITHIN_MS = 5_000;

async function seeForce(alias: string): Promise<Reply> {
  for (const end = Date.now() + SEEN_WITHIN_MS; Date.now() < end;) {
    if (pool.state().forcedAlias === alias) return {};
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { code: "FORCE_NOT_SEEN" };
}

const addTag = (store: ReturnType<typeof pool.state>, { alias, tag }: { alias: string; tag: string }) =>
  parseAlias(alias).andThen((name) =>
    describeAccount(store, name, { tags: [...(store.accounts[name]?.tags ?? []), tag] }),
  );

const outcome = (result: Result<unknown, Failure>): Reply =>
  result.isErr() ? { code: result.error.code } : {};
