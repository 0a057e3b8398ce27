import { join } from "node:path";
import { toIso, type Clock, type DurationMs } from "@open-multi-auth/domain";
import type { AntigravityView } from "./view.ts";
import { ask as askServer } from "./ask.ts";
import type { Ask, Run } from "./ports.ts";
import { readAccounts } from "./read-accounts.ts";
import { readServer } from "./read-server.ts";
import { runWith } from "./run.ts";

/** What {@link createAntigravity} needs. */
export interface AntigravityOptions {
  /** The process environment: it leads to the person's configuration and to the system's programs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly clock: Clock;
  readonly run?: Run;
  readonly ask?: Ask;
  /** Whose processes are looked at. */
  readonly uid?: number | undefined;
}

/** Google's Antigravity on this machine, read-only: no file of it is written, no token used or shown. */
export interface Antigravity {
  /** Its accounts and quotas, at most a few seconds old. Never rejects: what could not be read is said in the view. */
  read(): Promise<AntigravityView>;
}

/** Several readers, or one that asks all the time, start the programs once. */
const FRESH_MS: DurationMs = 5_000;

/** Touches nothing until it is asked. */
export function createAntigravity({ env, home, clock, ...more }: AntigravityOptions): Antigravity {
  const { run = runWith(env), ask = askServer, uid = process.geteuid?.() } = more;
  const path = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "opencode", "antigravity-accounts.json");
  let last: { readonly at: number; readonly view: Promise<AntigravityView> } | undefined;

  const look = async (): Promise<AntigravityView> => {
    const now = clock.now();
    const [accounts, server] = await Promise.all([readAccounts(path, now), readServer(run, ask, uid)]);
    return { at: toIso(now) ?? "", ...accounts, ...server };
  };

  return {
    read() {
      const now = clock.now();
      if (last === undefined || Math.abs(now - last.at) > FRESH_MS) last = { at: now, view: look() };
      return last.view;
    },
  };
}
