import type { EarlierStore } from "@open-multi-auth/core-store";
import { findLeftovers, isEarlierStore, readEarlierStore, setAside } from "@open-multi-auth/core-store/node";
import { failure, type Failure } from "@open-multi-auth/domain";
import { systemRandom, type Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf } from "../pool.ts";
import { leftoverLines } from "../present/leftovers.ts";
import { planLines, sourceLines } from "../present/import-plan.ts";
import { earlierPlaces, isEarlierPlugin, storesOf } from "./earlier-places.ts";
import { planEarlier, type EarlierPlan } from "./plan-earlier.ts";

/** The path of the earlier plugin's store that `--from` means; `undefined` when it means something else. */
export async function findEarlierStore(
  from: string | undefined,
  { env, cwd }: Pick<Context, "env" | "cwd">,
): Promise<string | undefined> {
  if (from === undefined) return undefined;
  if (!isEarlierPlugin(from)) {
    const path = resolve(cwd, from);
    return (await isEarlierStore(path)) ? path : undefined;
  }
  const places = storesOf(from, env);
  for (const place of places) if (await isEarlierStore(place)) return place;
  // Where it would be, so that the failure can say so.
  return places.at(-1);
}

interface Wishes {
  readonly aliasGiven: boolean;
  readonly dryRun: boolean;
}

/** Takes over an earlier plugin's store, in one update: all of it or nothing. That plugin's files stay as they are. */
export async function importEarlier(
  pool: Pool,
  path: string,
  { aliasGiven, dryRun }: Wishes,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { clock, out, err: notes } = context;
  if (aliasGiven)
    return err(failure("USAGE", "--alias names one login; the accounts of a store keep their names", {}));
  const read = await readEarlierStore({
    path,
    at: clock.now(),
    passphrase: () => passphraseOf(path, context),
  });
  if (read.isErr()) return err(read.error);
  const earlier = read.value;
  for (const line of sourceLines(earlier)) notes.print(line);
  const plan = dryRun ? ok(planned(pool, earlier, context)) : await apply(pool, earlier, context);
  if (plan.isErr()) return err(plan.error);
  out.print(planLines(plan.value, earlier.report, dryRun));
  const leftovers = await findLeftovers(earlierPlaces(context.env, pool.paths.storeFile, [path]));
  for (const line of leftoverLines(leftovers)) notes.print(line);
  return ok(0);
}

const planned = (pool: Pool, earlier: EarlierStore, { clock }: Context): EarlierPlan =>
  planEarlier(pool.store.state(), earlier, clock.now(), randomUUID);

async function apply(
  pool: Pool,
  earlier: EarlierStore,
  context: Context,
): Promise<Result<EarlierPlan, Failure>> {
  const { clock } = context;
  // First, and the same files when it is tried again: nothing is lost if the update fails.
  const deps = { clock, random: systemRandom, keys: pool.keys };
  const aside = await setAside(pool.paths.storeFile, earlier.report.broken, deps);
  if (aside.isErr()) return err(aside.error);
  let plan = planned(pool, earlier, context);
  return pool
    .audited({ actor: actorOf(context), action: "account.link" })
    .update((state) => {
      plan = planEarlier(state, earlier, clock.now(), randomUUID);
      return ok(plan.store);
    })
    .map(() => plan);
}

/** From the variable that the baseline reads, else from the person. */
async function passphraseOf(
  path: string,
  { env, interactive, askSecret }: Context,
): Promise<string | undefined> {
  const given = env["CODEX_SOFT_STORE_PASSPHRASE"];
  if (given) return given;
  return interactive ? askSecret(`Passphrase of ${path}:`) : undefined;
}
