import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { Colours } from "../present/colours.ts";
import type { Keyboard } from "./keyboard.ts";
import type { OpenCode } from "./open-code.ts";
import type { RecordFollower } from "./records.ts";

/** What the keys act on. */
export interface Stage {
  readonly sim: UpstreamSim;
  readonly openCode: OpenCode;
  readonly records: RecordFollower;
  readonly keyboard: Keyboard;
  /** Opens OpenCode on this terminal until the person leaves it. */
  readonly openTerminal: () => Promise<void>;
  readonly print: (line: string) => void;
  readonly colours: Colours;
  /** The person has quit, or the demo was ended from outside. */
  readonly signal: AbortSignal;
}

/** Answers keys until the signal. A key that comes while one is being answered is left out. */
export async function followKeys(stage: Stage): Promise<void> {
  const { print, colours, signal, keyboard } = stage;
  const over = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const help = (): void =>
    print(colours.dim("p send a prompt   d drain an account   o open OpenCode here   q quit"));
  help();
  while (!signal.aborted) {
    const key = await Promise.race([keyboard.next(), over]);
    if (key === "p") await sendPrompt(stage);
    else if (key === "d") drain(stage);
    else if (key === "o") await stage.openTerminal();
    else continue;
    if (!signal.aborted) help();
  }
}

async function sendPrompt({ openCode, records, print, colours, signal }: Stage): Promise<void> {
  const before = records.count();
  try {
    const { text, error } = await openCode.prompt("Say something new");
    await records.reached(before + 1, 3_000);
    print(error === undefined ? colours.dim(`  ${text.trim()}`) : colours.red(`  ${error}`));
  } catch (thrown) {
    // Whoever leaves does not wait for the answer.
    if (!signal.aborted) throw thrown;
  }
}

/** Drains the account that has the most left, so that pressing it again and again empties the pool. */
function drain({ sim, print, colours }: Stage): void {
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
