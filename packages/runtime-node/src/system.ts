import { randomUUID } from "node:crypto";
import { uptime, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { epochMs, requestId, type Clock, type Random, type RequestId } from "@open-multi-auth/domain";

/** The machine's wall clock, and how long it has been up, with the time that it slept. */
export const systemClock: Clock = { now: () => epochMs(Date.now()), upMs };

/** The runtime's pseudo-random numbers; nothing secret is made of them. */
export const systemRandom: Random = { next: () => Math.random() };

/** Timers of the event loop. What runs `after` keeps no process alive; a `pause` does. */
export const systemTimers = {
  after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  pause: (ms: number): Promise<void> => pause(ms),
};

/** A fresh id for a request. */
export const systemRequestId = (): RequestId => requestId(randomUUID());

/** Some sandboxes do not tell. */
function upMs(): number {
  try {
    return uptime() * 1_000;
  } catch {
    return Number.NaN;
  }
}

/** The operating system's name of the person; a container may run under a user id that has none. */
export function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
