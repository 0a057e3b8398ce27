import { join } from "node:path";
import type { StoreError } from "@open-multi-auth/core-store";
import { createJsonFile, type LinePosition } from "@open-multi-auth/core-store/node";
import {
  accountsOf,
  countInSeries,
  emptySeries,
  readIntoSeries,
  seriesSchema,
  seriesView,
  type AccountId,
  type Clock,
  type EpochMs,
  type Random,
  type Series,
  type SeriesView,
} from "@open-multi-auth/domain";
import { sharesOf } from "@open-multi-auth/scheduler";
import { errAsync, okAsync, type ResultAsync } from "neverthrow";
import type { Pool } from "./open-pool.ts";
import { systemRandom, systemTimers } from "./system.ts";

/** A pool that has just begun to work has better things to do. */
const FIRST_MS = 60_000;
const EVERY_MS = 5 * 60_000;
/** Processes do not work in step. */
const JITTER = 0.2;
/** Who looks gets nothing that is older. */
const STALE_MS = 30_000;

/** What {@link poolSeries} may be told; everything has a default. */
export interface PoolSeriesOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly timers?: { after(ms: number, run: () => void): () => void };
}

/** What the pool did, hour by hour, for 30 days; of all processes, in `activity/series.json` beside the store. */
export interface PoolSeries {
  /** The newest days, up to now. */
  read(days?: number): ResultAsync<SeriesView, StoreError>;
  /** Adds what is new. Whoever else is at it does it for all. */
  rollUp(): ResultAsync<void, StoreError>;
  /** Rolls up every five minutes from the next on, until the returned function is called; keeps no process alive. */
  keep(): () => void;
}

/**
 * The series of a pool. Every record is counted once, whichever processes roll up: how far the log was read is kept in the
 * same file as what was counted.
 */
export function poolSeries(pool: Pool, options: PoolSeriesOptions = {}): PoolSeries {
  const { clock = pool.clock, random = systemRandom, timers = systemTimers } = options;
  const file = createJsonFile(join(pool.paths.activity, "series.json"), { clock, random });
  let rolledAt = -Infinity;

  const rollUp = (): ResultAsync<void, StoreError> =>
    file
      .update((value) => extended(value, pool, clock.now()), 0)
      .map(() => void (rolledAt = clock.now()))
      .orElse((problem) => (problem.code === "STORE_LOCKED" ? okAsync(undefined) : errAsync(problem)));
  const isStale = (): boolean => Math.abs(clock.now() - rolledAt) > STALE_MS;

  return {
    rollUp,
    read: (days) =>
      (isStale() ? rollUp() : okAsync(undefined))
        .andThen(() => file.read())
        .map((value) =>
          seriesView(keptIn(value)?.series ?? emptySeries(), accountsOf(pool.store.state()), {
            ...(days !== undefined && { days }),
            now: clock.now(),
          }),
        ),
    keep() {
      let callOff: (() => void) | undefined;
      const plan = (ms: number): void => {
        callOff = timers.after(ms * (1 + JITTER * random.next()), () => {
          // What the disk refuses now, the next will do. A mistake of ours must not end the program that has us.
          Promise.resolve(rollUp()).catch(() => undefined);
          plan(EVERY_MS);
        });
      };
      plan(FIRST_MS);
      return () => callOff?.();
    },
  };
}

interface Kept {
  readonly series: Series;
  /** How far the log of decision records has been counted. */
  readonly position: LinePosition | undefined;
}

/** What the file holds; undefined where a later version has written it. */
function keptIn(value: unknown): Kept | undefined {
  const file = typeof value === "object" && value !== null ? value : {};
  if ("version" in file && typeof file.version === "number" && file.version > 1) return undefined;
  const series = seriesSchema.safeParse(file).data;
  return { series: series ?? emptySeries(), position: series && positionIn(file) };
}

function positionIn(file: object): LinePosition | undefined {
  if (!("position" in file) || typeof file.position !== "object" || file.position === null) return undefined;
  const { file: name, offset } = file.position as Partial<Record<keyof LinePosition, unknown>>;
  return typeof name === "string" && typeof offset === "number" ? { file: name, offset } : undefined;
}

async function extended(value: unknown, pool: Pool, now: EpochMs): Promise<object | undefined> {
  const before = keptIn(value);
  if (before === undefined) return undefined;
  const accounts = accountsOf(pool.store.state());
  let { series, position } = before;
  for (let isAll = false; !isAll;) {
    const since = await pool.decisions.since(position);
    // What cannot be read now is counted the next time.
    if (since.isErr()) break;
    series = countInSeries(series, since.value.entries, { accounts, now });
    ({ position, isAll } = since.value);
  }
  series = readIntoSeries(series, { accounts, shares: sharesById(pool), now });
  const isNews = JSON.stringify([series, position]) !== JSON.stringify([before.series, before.position]);
  return isNews ? { ...series, position } : undefined;
}

function sharesById(pool: Pool): Record<AccountId, number> {
  const enabled = accountsOf(pool.store.state()).filter((account) => account.enabled);
  const shares = sharesOf(
    pool.settings().settings,
    enabled.map(({ alias }) => alias),
  );
  return Object.fromEntries(enabled.map(({ id, alias }) => [id, shares[alias] ?? 0]));
}
