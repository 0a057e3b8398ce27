import { join } from "node:path";
import { createJsonFile, runTool, type RunTool } from "@open-multi-auth/core-store/node";
import { messageOf, type Clock, type DurationMs, type Random, type Settings } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { fetchPort } from "../http.ts";
import type { Pool } from "../open-pool.ts";
import { systemRandom, systemTimers } from "../system.ts";
import { desktopChannel, ntfyChannel, type Deliver } from "./channels.ts";
import { decideNotices } from "./decide.ts";
import { occasionsOf, type Occasion } from "./occasions.ts";
import { toldIn, type ToldBy } from "./told.ts";

/** What {@link watchNotices} may be told; everything has a default. */
export interface NoticesOptions {
  /** Shows something on a screen of this process; without it there is none. */
  readonly toast?: (level: Occasion["level"], message: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly run?: RunTool;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly timers?: typeof systemTimers;
}

/** Requests change the store all the time: it is looked at once for many changes. */
const LOOK_AFTER_MS: DurationMs = 1_000;
/** A server that cannot be reached is tried again. */
const AGAIN_AFTER_MS: readonly DurationMs[] = [5_000, 60_000];

/**
 * Tells the person that an account is used up, dead or about to run out, or that none can serve: each occasion once by each
 * way, whichever processes see it. What was told stands in `activity/notices.json`; each occasion is noted as an incident.
 *
 * Never throws, keeps no process alive, and does nothing while a request waits.
 *
 * @returns ends it, after a last look
 */
export function watchNotices(pool: Pool, options: NoticesOptions = {}): () => Promise<void> {
  const { clock = pool.clock, random = systemRandom, timers = systemTimers } = options;
  const file = createJsonFile(join(pool.paths.activity, "notices.json"), { clock, random });
  let known: ToldBy = {};
  let callOff: (() => void) | undefined;
  let looking: Promise<void> = Promise.resolve();

  const decide = (occasions: readonly Occasion[], told: ToldBy, channels: Channels) =>
    Object.keys(channels).map((channel) => ({
      channel,
      ...decideNotices(occasions, told[channel] ?? {}, clock.now()),
    }));

  async function look(): Promise<void> {
    const { settings } = pool.settings();
    const channels = channelsFor(settings, pool, options);
    const occasions = occasionsOf(pool.store.state(), settings, clock.now());
    // Nearly always nothing is new, and then no file is touched.
    if (isSame(known, decide(occasions, known, channels))) return;
    // Whatever the disk refuses, this process tells it once.
    let told = known;
    let decided = decide(occasions, told, channels);
    const toldNow = (): ToldBy => ({
      ...told,
      ...Object.fromEntries(decided.map((one) => [one.channel, one.told])),
    });
    await file.update((value) => {
      told = toldIn(value);
      decided = decide(occasions, told, channels);
      return isSame(told, decided) ? undefined : { version: 1, told: toldNow() };
    });
    known = toldNow();
    for (const { channel, news } of decided)
      for (const occasion of news) deliver(channels[channel], occasion).catch(bug);
  }

  async function deliver(channel: Deliver | undefined, occasion: Occasion): Promise<void> {
    for (const again of [...AGAIN_AFTER_MS, undefined]) {
      const told = (await channel?.(occasion)) ?? ok();
      if (told.isOk()) return;
      const isFinal = again === undefined || told.error.details.channel !== "ntfy";
      if (isFinal) {
        const { code, message } = told.error;
        return pool.incidents.note({ kind: "problem", level: "warning", code, message });
      }
      await new Promise<void>((resolve) => void timers.after(again, resolve));
    }
  }

  // A mistake of ours must not end the program that has us.
  const bug = (thrown: unknown): void =>
    pool.incidents.note({
      kind: "problem",
      level: "error",
      code: "INTERNAL_ERROR",
      message: `a notification was lost: ${messageOf(thrown)}`,
    });
  const lookNow = (): Promise<void> => {
    callOff?.();
    callOff = undefined;
    looking = looking.then(look).catch(bug);
    return looking;
  };
  const soon = (): void => {
    callOff ??= timers.after(LOOK_AFTER_MS, () => void lookNow());
  };
  soon();
  const unsubscribe = pool.store.subscribe(soon);
  return async () => {
    unsubscribe();
    await lookNow();
  };
}

type Channels = Readonly<Record<string, Deliver>>;

/** The ways that the person wants and this process has; the log of incidents always. */
function channelsFor({ notifications }: Settings, pool: Pool, options: NoticesOptions): Channels {
  const { toast, env = process.env, platform = process.platform } = options;
  const { run = runTool(env), fetch = globalThis.fetch } = options;
  return {
    log: async ({ kind, level, alias, message }) => {
      pool.incidents.note({ kind, level, ...(alias !== undefined && { alias }), message });
      return ok();
    },
    ...(notifications.toast && toast && { toast: async ({ level, message }) => ok(toast(level, message)) }),
    ...(notifications.desktop && { desktop: desktopChannel(run, platform) }),
    ...(notifications.ntfyUrl !== null && { ntfy: ntfyChannel(fetchPort(fetch), notifications.ntfyUrl) }),
  };
}

function isSame(told: ToldBy, decided: readonly { channel: string; told: ToldBy[string] }[]): boolean {
  return decided.every((one) => JSON.stringify(one.told) === JSON.stringify(told[one.channel] ?? {}));
}
