import { emitKeypressEvents, type Key } from "node:readline";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { OpenCode } from "./open-code.ts";
import type { RecordFollower } from "./records.ts";
import type { Colours } from "../present/colours.ts";

interface Stage {
  readonly sim: UpstreamSim;
  readonly openCode: OpenCode;
  readonly records: RecordFollower;
}

interface Terminal {
  readonly print: (line: string) => void;
  readonly colours: Colours;
  readonly signal: AbortSignal;
}

/** Answers keys until the person quits. A key that comes while one is being answered is left out. */
export async function followKeys(stage: Stage, terminal: Terminal): Promise<void> {
  const { print, colours, signal } = terminal;
  const help = (): void =>
    print(colours.dim("p send a prompt   d drain an account   o open OpenCode here   q quit"));
  help();
  while (!signal.aborted) {
    const key = await nextKey(signal);
    if (key === "q") return;
    if (key === "p") await sendPrompt(stage, terminal);
    else if (key === "d") drain(stage, terminal);
    else if (key === "o") await stage.openCode.open();
    else continue;
    help();
  }
}

/** The next key pressed; `q` for Ctrl-C, Ctrl-D and the end of the input. */
function nextKey(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode?.(true);
  stdin.resume();
  return new Promise((resolve) => {
    const done = (name: string): void => {
      stdin.off("keypress", press).off("end", quit);
      signal.removeEventListener("abort", quit);
      stdin.setRawMode?.(false);
      stdin.pause();
      resolve(name);
    };
    const quit = (): void => done("q");
    const press = (_: string, { name = "", ctrl }: Key): void =>
      done(ctrl && "cd".includes(name) ? "q" : name);
    stdin.on("keypress", press).on("end", quit);
    signal.addEventListener("abort", quit, { once: true });
  });
}

async function sendPrompt({ openCode, records }: Stage, { print, colours }: Terminal): Promise<void> {
  const before = records.count();
  const reply = await openCode.prompt("Say something new");
  await records.reached(before + 1, 3_000);
  print(reply.error === undefined ? colours.dim(`  ${reply.text.trim()}`) : colours.red(`  ${reply.error}`));
}

/** Drains the account that has the most left, so that pressing it again and again empties the pool. */
function drain({ sim }: Stage, { print, colours }: Terminal): void {
  const left = sim
    .accounts()
    .map(({ alias, quota }) => ({ alias, used: Math.max(...quota.map(({ usedPercent }) => usedPercent)) }))
    .toSorted((a, b) => a.used - b.used);
  const fullest = left[0];
  if (!fullest || fullest.used >= 100)
    return print(colours.dim("  every account is drained; its five hours would have to pass"));
  sim.drain(fullest.alias, "fiveHour");
  print(`  ${colours.bold(fullest.alias)} is drained for five hours`);
}
