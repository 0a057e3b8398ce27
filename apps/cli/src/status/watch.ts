import type { Pool } from "@open-multi-auth/runtime-node";
import { openLimits } from "@open-multi-auth/runtime-node/limits";
import type { Context } from "../context.ts";
import { signalled } from "../signalled.ts";
import { compact, overview } from "./overview.ts";
import { snapshotJson, snapshotOf, type Snapshot } from "./snapshot.ts";

/** Countdowns go on, and figures grow old, while nothing happens. */
const TICK_MS = 1_000;

/** Terminal control: a screen of its own, home, clear to the end of the line and of the screen. */
const ENTER = "\u001B[?1049h\u001B[?25l";
const LEAVE = "\u001B[?25h\u001B[?1049l";
const [HOME, LINE_END, SCREEN_END] = ["\u001B[H", "\u001B[K", "\u001B[J"];

/**
 * Shows the status until a signal ends it, and keeps limits fresh meanwhile. A terminal shows one screen; a file or pipe
 * gets a text, or a line of JSON, whenever something has changed.
 */
export async function watchStatus(pool: Pool, context: Context, asJson: boolean): Promise<void> {
  const { out, clock } = context;
  const limits = openLimits(pool);
  const onScreen = out.isTerminal && !asJson;
  let shown = "";
  const draw = (): void => {
    const snapshot = snapshotOf(pool, clock.now(), limits.views());
    // On a screen time itself can be seen to pass; elsewhere only what has changed is worth a line.
    const news = onScreen ? screen(snapshot, context) : JSON.stringify(snapshotJson(snapshot));
    if (news === shown) return;
    shown = news;
    out.print(onScreen || asJson ? news : `${overview(snapshot, out.colours)}\n`);
  };
  if (onScreen) out.print(ENTER);
  const ends = [pool.store.subscribe(draw), limits.subscribe(draw), limits.watch()];
  const timer = setInterval(draw, TICK_MS);
  draw();
  await signalled();
  clearInterval(timer);
  for (const end of ends) end();
  await limits.stop();
  if (onScreen) out.print(`${LEAVE}${overview(snapshotOf(pool, clock.now()), out.colours)}`);
}

function screen(snapshot: Snapshot, { out }: Context): string {
  const lines = [...compact(snapshot, out.colours).split("\n"), "", out.colours.dim("Ctrl+C ends")];
  // What does not fit would push the beginning out of sight.
  const rows = process.stdout.rows || 24;
  const shown =
    lines.length <= rows
      ? lines
      : [...lines.slice(0, rows - 1), out.colours.dim("... the window is too small for more")];
  return HOME + shown.map((line) => line + LINE_END).join("\n") + SCREEN_END;
}
