import { setTimeout as pause } from "node:timers/promises";
import { accountsOf, failure, metricsOf, persistedSettings, type Failure } from "@open-multi-auth/domain";
import { poolControl, type Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { promotionText, waitingText } from "../present/promotion.ts";
import { advance, isDone, STAGES } from "../promote/advance.ts";
import { observe } from "../promote/observe.ts";
import { readPromotion, writePromotion, type Promotion } from "../promote/promotion.ts";
import { VERSION } from "../version.ts";

/** A stage broke one of its bounds; `fix` goes back. */
type PromotionStopped = Failure<"PROMOTION_STOPPED", { violations: readonly string[]; fix: string }>;

const EVERY_MS = 60_000;

/** `oma promote [--previous VERSION] [--watch] [--json] [--cancel]` */
export const promoteCommand: Command = {
  arguments: [],
  options: {
    previous: { about: "the version to go back to where something is wrong", value: "version" },
    watch: { about: "stay, and judge every minute" },
    json: { about: "print the stages as JSON" },
    cancel: { about: "forget the promotion; settings stay as they are" },
  },
  examples: ["promote --previous 0.1.0", "promote", "promote --watch", "promote --cancel"],
  run: async (input, context) => {
    for (;;) {
      const done = await withPool(context, (pool) => once(pool, input, context));
      if (done.isErr() || done.value !== "waiting") return done.map(() => 0);
      if (!input.flags.has("watch")) return ok<ExitCode>(0);
      await pause(EVERY_MS);
    }
  },
};

/** One look: begins a promotion, or judges the stage that is under way. */
async function once(
  pool: Pool,
  input: Input,
  context: Context,
): Promise<Result<"waiting" | "over", Failure>> {
  const { folder } = pool.paths;
  if (input.flags.has("cancel")) {
    const forgotten = await writePromotion(folder, null);
    return forgotten.map(() => {
      context.out.print("no promotion is under way any more");
      return "over";
    });
  }
  const found = await readPromotion(folder);
  if (found.isErr()) return err(found.error);
  const current = found.value;
  // What was promoted before, or stopped, is history once another version is here.
  if (
    current === undefined ||
    (current.version !== VERSION && (isDone(current) || current.stopped !== undefined))
  )
    return begin(pool, input, context);
  if (current.stopped !== undefined) return err(stopped(current));
  if (isDone(current)) return shown(current, input, context, "over");
  return judge(current, pool, input, context);
}

async function begin(
  pool: Pool,
  input: Input,
  context: Context,
): Promise<Result<"waiting" | "over", Failure>> {
  const [first] = STAGES;
  const accounts = accountsOf(pool.state()).map(({ id }) => id);
  if (accounts.length === 0 || !first)
    return err(failure("NO_ACCOUNTS", "no account is linked, so there is nothing to promote for", {}));
  const records = await pool.decisions.read(100_000);
  if (records.isErr()) return err(records.error);
  const now = context.clock.now();
  const previous = input.values.get("previous");
  const promotion: Promotion = {
    version: VERSION,
    startedAt: now,
    previous: {
      ...(previous !== undefined && { version: previous }),
      settings: { ...persistedSettings(pool.state()) },
    },
    baseline: metricsOf(records.value),
    accounts,
    stages: [{ name: first.name, startedAt: now }],
  };
  return enter(promotion, first.strategy, pool, input, context);
}

async function judge(
  current: Promotion,
  pool: Pool,
  input: Input,
  context: Context,
): Promise<Result<"waiting" | "over", Failure>> {
  const since = current.stages.at(-1)?.startedAt ?? current.startedAt;
  const observed = await observe(pool, since, current.accounts);
  if (observed.isErr()) return err(observed.error);
  const step = advance(current, observed.value, context.clock.now());
  switch (step.kind) {
    case "waiting":
      if (!input.flags.has("json"))
        context.out.print(waitingText(step, observed.value.metrics, context.clock.now()));
      return input.flags.has("json") ? shown(current, input, context, "waiting") : ok("waiting");
    case "stopped": {
      const kept = await writePromotion(pool.paths.folder, step.promotion);
      return err(kept.isErr() ? kept.error : stopped(step.promotion));
    }
    case "next":
      return enter(step.promotion, step.strategy, pool, input, context);
    case "done": {
      const kept = await writePromotion(pool.paths.folder, step.promotion);
      return kept.isErr() ? err(kept.error) : shown(step.promotion, input, context, "over");
    }
    default:
      return step satisfies never;
  }
}

/** The record comes first: a strategy without it would be nobody's. */
async function enter(
  promotion: Promotion,
  rotationStrategy: string,
  pool: Pool,
  input: Input,
  context: Context,
): Promise<Result<"waiting" | "over", Failure>> {
  const kept = await writePromotion(pool.paths.folder, promotion);
  if (kept.isErr()) return err(kept.error);
  const changed = await poolControl(pool, actorOf(context)).changeSettings({ rotationStrategy });
  return changed.isErr() ? err(changed.error) : shown(promotion, input, context, "waiting");
}

function shown(
  promotion: Promotion,
  { flags }: Input,
  { out, clock }: Context,
  how: "waiting" | "over",
): Result<"waiting" | "over", Failure> {
  out.print(flags.has("json") ? JSON.stringify(promotion, null, 2) : promotionText(promotion, clock.now()));
  return ok(how);
}

function stopped({ stopped: found = [], previous: { version } }: Promotion): PromotionStopped {
  const fix = `go back with \`oma rollback${version === undefined ? " <version>" : ""}\`; then, or to try again, \`oma promote --cancel\``;
  return failure("PROMOTION_STOPPED", `the promotion was stopped: ${found.join("; ")}`, {
    violations: found,
    fix,
  });
}
