import { failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { openPool, type Pool } from "@open-multi-auth/runtime-node";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { err, ok, type Result } from "neverthrow";
import type { Colours } from "../present/colours.ts";
import type { Cast } from "./conversation.ts";
import { createDemoHome, type DemoHome } from "./demo-home.ts";
import { openKeyboard } from "./keyboard.ts";
import { followKeys } from "./keys.ts";
import { linkAccounts } from "./link-accounts.ts";
import { startOpenCode, type OpenCode } from "./open-code.ts";
import { openTerminal } from "./open-terminal.ts";
import { followRecords, type RecordFollower } from "./records.ts";
import { holdingScreen } from "./screen.ts";
import { tableHead, tableRows } from "./table.ts";
import { createUndo, type Undo } from "./undo.ts";

/** A record is on disk a second after its request; later where the machine is busy. */
const RECORD_MS = 20_000;

export interface DemoOptions {
  /** OpenCode's binary. */
  readonly binary: string;
  /** The plugin's bundled file. */
  readonly plugin: string;
  readonly cast: Cast;
  readonly colours: Colours;
  /** The terminal, where the demo goes on with keys after the conversation; otherwise it ends with a status. */
  readonly keys?: NodeJS.ReadStream;
  readonly print: (line: string) => void;
  /** Ends the demo from outside: Ctrl-C, SIGTERM. */
  readonly signal: AbortSignal;
}

/** Something on the way failed; nothing of the demo is left. */
export type DemoFailed = Failure<"DEMO_FAILED", { fix: string }>;

/** What a running demo holds. */
interface Stage {
  readonly sim: UpstreamSim;
  readonly home: DemoHome;
  readonly openCode: OpenCode;
  readonly records: RecordFollower;
}

/**
 * Runs the real OpenCode over simulated accounts, one of which runs dry, and prints what happened.
 *
 * @returns the exit status: 0 when every prompt was answered and the spent account was moved away from unseen
 */
export async function runDemo(given: DemoOptions): Promise<Result<0 | 1, DemoFailed>> {
  const undo = createUndo();
  const quitting = new AbortController();
  const signal = AbortSignal.any([given.signal, quitting.signal]);
  const screen = holdingScreen(given.print);
  const options = { ...given, signal, print: screen.print };
  try {
    const keyboard = given.keys && openKeyboard(given.keys, () => quitting.abort());
    undo.add(() => keyboard?.close());
    const moved = new Set<string>();
    const stage = await setUp(options, undo, moved);
    const answered = await converse(stage, options);
    if (signal.aborted) return ok(1);
    if (keyboard) {
      const terminal = (): Promise<void> => openTerminal(given.binary, stage.home, signal);
      const open = (): Promise<void> => screen.lend(() => keyboard.lend(terminal));
      await followKeys({ ...stage, ...options, keyboard, openTerminal: open });
    }
    const { runsDry } = given.cast;
    return ok(answered && (runsDry === undefined || moved.has(runsDry)) ? 0 : 1);
  } catch (thrown) {
    if (signal.aborted) return ok(1);
    const fix = "run it again; if it fails again, please report it with this message";
    return err(failure("DEMO_FAILED", messageOf(thrown), { fix }));
  } finally {
    await undo.all();
  }
}

async function setUp(options: DemoOptions, undo: Undo, moved: Set<string>): Promise<Stage> {
  const { binary, plugin, cast, colours, print, signal } = options;
  const sim = await startUpstreamSim({ accounts: cast.accounts });
  undo.add(() => sim.close());
  const home = await createDemoHome(plugin, sim);
  undo.add(() => home.dispose());
  const opened = await openPool({ env: home.env });
  if (opened.isErr()) throw new Error(opened.error.message);
  const pool = opened.value;
  undo.add(() => pool.close());
  await linkAccounts(pool, sim);

  introduce(options, home);
  const openCode = await startOpenCode(binary, home, signal);
  undo.add(() => openCode.stop());
  signal.addEventListener("abort", () => void openCode.stop(), { once: true });

  print(tableHead(colours));
  const records = reportRecords(pool, options, moved);
  undo.add(() => records.stop());
  return { sim, home, openCode, records };
}

function introduce({ cast, colours, print }: DemoOptions, home: DemoHome): void {
  const aliases = cast.accounts.map(({ alias }) => alias).join(", ");
  print(
    `${colours.bold("open-multi-auth demo")}: the real OpenCode, ${cast.accounts.length} simulated accounts (${aliases}).`,
  );
  print(
    colours.dim(`Nothing leaves this machine. Everything is in ${home.work}/.. and goes when the demo ends.`),
  );
  print("");
}

/** Prints each record, and notes which accounts were moved away from for their quota without the person noticing. */
function reportRecords(pool: Pool, { colours, print }: DemoOptions, moved: Set<string>): RecordFollower {
  return followRecords(pool, (record, number) => {
    for (const row of tableRows(record, number, colours)) print(row);
    if (record.outcome !== "served") return;
    for (const { alias, verdict } of record.attempts) if (verdict === "quota") moved.add(alias);
  });
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
