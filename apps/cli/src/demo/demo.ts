import { messageOf } from "@open-multi-auth/domain";
import { openPool, type Pool } from "@open-multi-auth/runtime-node";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { Cast } from "./conversation.ts";
import { createDemoHome, type DemoHome } from "./demo-home.ts";
import { followKeys } from "./keys.ts";
import { linkAccounts } from "./link-accounts.ts";
import { startOpenCode, type OpenCode } from "./open-code.ts";
import { followRecords, type RecordFollower } from "./records.ts";
import type { Colours } from "../present/colours.ts";
import { tableHead, tableRows } from "./table.ts";

/** A record is on disk a second after its request at the latest. */
const RECORD_MS = 3_000;

export interface DemoOptions {
  /** OpenCode's binary. */
  readonly binary: string;
  /** The plugin's bundled file. */
  readonly plugin: string;
  readonly cast: Cast;
  readonly colours: Colours;
  /** Goes on with keys after the conversation; otherwise the demo ends with a status. */
  readonly interactive: boolean;
  readonly print: (line: string) => void;
  /** Ends the demo from outside: Ctrl-C, SIGTERM. */
  readonly signal: AbortSignal;
}

/** Everything a running demo holds; `undo` lets go of it, last first. */
interface Stage {
  readonly sim: UpstreamSim;
  readonly home: DemoHome;
  readonly pool: Pool;
  readonly openCode: OpenCode;
  readonly records: RecordFollower;
}

/**
 * Runs the real OpenCode over simulated accounts, one of which runs dry, and prints what happened.
 *
 * @returns the exit status: 0 when every prompt was answered and the spent account was moved away from unseen
 */
export async function runDemo(options: DemoOptions): Promise<0 | 1> {
  const undo: (() => unknown)[] = [];
  try {
    const moved = new Set<string>();
    const stage = await setUp(options, undo, moved);
    const answered = await converse(stage, options);
    if (options.signal.aborted) return 1;
    if (options.interactive) await followKeys(stage, options);
    const { runsDry } = options.cast;
    return answered && (runsDry === undefined || moved.has(runsDry)) ? 0 : 1;
  } catch (thrown) {
    if (options.signal.aborted) return 1;
    options.print(options.colours.red(`error DEMO_FAILED: ${messageOf(thrown)}`));
    return 1;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function setUp(
  { binary, plugin, cast, colours, print, signal }: DemoOptions,
  undo: (() => unknown)[],
  moved: Set<string>,
): Promise<Stage> {
  const sim = await startUpstreamSim({ accounts: cast.accounts });
  undo.push(() => sim.close());
  const home = await createDemoHome(plugin, sim);
  undo.push(() => home.dispose());
  const opened = await openPool({ env: home.env });
  if (opened.isErr()) throw new Error(opened.error.message);
  const pool = opened.value;
  undo.push(() => pool.close());
  await linkAccounts(pool, sim);

  const aliases = cast.accounts.map(({ alias }) => alias).join(", ");
  print(
    `${colours.bold("open-multi-auth demo")}: the real OpenCode, ${cast.accounts.length} simulated accounts (${aliases}).`,
  );
  print(
    colours.dim(`Nothing leaves this machine. Everything is in ${home.work}/.. and goes when the demo ends.`),
  );
  print("");
  const openCode = await startOpenCode(binary, home);
  undo.push(() => openCode.stop());
  signal.addEventListener("abort", () => void openCode.stop(), { once: true });

  print(tableHead(colours));
  const records = followRecords(pool, (record, number) => {
    for (const row of tableRows(record, number, colours)) print(row);
    if (record.outcome !== "served") return;
    for (const { alias, verdict } of record.attempts) if (verdict === "quota") moved.add(alias);
  });
  undo.push(() => records.stop());
  return { sim, home, pool, openCode, records };
}

/** The scripted turns; true when each was answered. */
async function converse(
  { openCode, records }: Stage,
  { cast, print, colours, signal }: DemoOptions,
): Promise<boolean> {
  const ids = new Map<string, string>();
  let answered = true;
  for (const { conversation, text } of cast.script) {
    if (signal.aborted) return false;
    print(colours.dim(`${conversation} › ${text}`));
    const before = records.count();
    const reply = await openCode.prompt(text, ids.get(conversation));
    ids.set(conversation, reply.conversation);
    await records.reached(before + 1, RECORD_MS);
    if (reply.error !== undefined) {
      answered = false;
      print(colours.red(reply.error));
    }
  }
  return answered;
}
