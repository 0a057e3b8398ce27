import { setTimeout as pause } from "node:timers/promises";
import type { ScriptProcess } from "./script.ts";

/** What a rotator told before it was killed. */
export interface Life {
  /** What it found; `undefined` when it was killed before. */
  readonly opened:
    | { readonly rotation: number; readonly bystanders: number; readonly leftovers: string }
    | undefined;
  /** The last rotation that it began, and the last one that the store said was durable. */
  readonly begun: number;
  readonly done: number;
  readonly lastStep: string;
  /** Killed between opening the temporary file and the folder's fsync. */
  readonly temporary: boolean;
}

/** Steps of a write are about 30; the kill falls into the first writes. */
const MOST_STEPS = 45;
const MOST_DELAY_MS = 2;
/** Some processes do not live to open the store: what they were recovering must survive that too. */
const OPENING_SHARE = 0.1;

/** Lets a rotator work, and kills it at a moment of chance. */
export async function killSometime(victim: ScriptProcess): Promise<Life> {
  const inOpening = Math.random() < OPENING_SHARE;
  let left = Math.floor(Math.random() * (inOpening ? MOST_STEPS / 2 : MOST_STEPS));
  return follow(victim, ({ opened }) => {
    if (!inOpening && opened === undefined) return;
    left -= 1;
    if (left === -1) void pause(Math.random() * MOST_DELAY_MS).then(() => victim.kill());
  });
}

/** Lets a rotator work until it is killed; `onStep` is told of its life after each call it made. */
export async function follow(
  victim: ScriptProcess,
  onStep: (life: Life) => void = () => undefined,
): Promise<Life> {
  const life = new Telling();
  victim.go();
  for await (const line of victim.lines) if (life.hear(line)) onStep(life);
  const how = await victim.ended;
  if (how !== "SIGKILL") throw new Error(`a rotator ended with ${how} after ${life.lastStep}`);
  return life;
}

class Telling implements Life {
  opened: Life["opened"];
  begun = -1;
  done = -1;
  lastStep = "its start";
  temporary = false;

  /** Takes in a line; true when it tells of a step. */
  hear(line: string): boolean {
    const [word, first = "", ...rest] = line.split(" ");
    if (word === "opened") {
      this.opened = { rotation: Number(first), bystanders: Number(rest[0]), leftovers: rest[1] ?? "" };
    } else if (word === "begin") this.begun = Number(first);
    else if (word === "done") this.done = Number(first);
    if (word !== "step") return false;
    this.lastStep = `${first} ${rest.join(" ")}`;
    if (/^open (store|snapshot) temp$/.test(this.lastStep)) this.temporary = true;
    if (this.lastStep === "sync folder") this.temporary = false;
    return true;
  }
}
