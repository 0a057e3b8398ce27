import type { Random } from "@open-multi-auth/domain";
import { exponential, geometric } from "./random.ts";
import { SECOND } from "./time.ts";

/** Tokens in thousands. */
const FIRST_CONTEXT = 20;
const GROWTH = 3;
const OUTPUT = 1;
const COMPACTED_AT = 200;
const TURNS = 30;
const ANSWER = 30 * SECOND;
const PAUSE = 15 * SECOND;

/** One request of a conversation, before anyone placed it. Tokens in thousands. */
export interface Turn {
  readonly input: number;
  readonly output: number;
  /** Nothing of earlier turns is in it as it was: the conversation has just been compacted. */
  readonly compacted: boolean;
  readonly answerMs: number;
  /** From the end of the answer to the next turn. */
  readonly pauseMs: number;
}

/** A conversation as its client lives it, the same whichever policy places it. */
export interface Conversation {
  readonly id: string;
  readonly startsAt: number;
  readonly turns: readonly Turn[];
  readonly model: string;
  readonly parentId?: string;
}

/** How long people and agents pause between turns. */
export interface Habits {
  readonly turns: number;
  readonly pauseMs: number;
}

export const HABITS: Habits = { turns: TURNS, pauseMs: PAUSE };

export function drawTurns(random: Random, habits: Habits): readonly Turn[] {
  const count = geometric(random, habits.turns);
  const turns: Turn[] = [];
  let input = FIRST_CONTEXT;
  let compacted = false;
  for (let turn = 0; turn < count; turn += 1) {
    turns.push({
      input,
      compacted,
      output: exponential(random, OUTPUT),
      answerMs: exponential(random, ANSWER),
      pauseMs: exponential(random, habits.pauseMs),
    });
    input += GROWTH;
    compacted = input > COMPACTED_AT;
    if (compacted) input = FIRST_CONTEXT;
  }
  return turns;
}

/** Credits for a turn: 1 per thousand tokens of new input, 0.1 of cached input, 8 of output. */
export function priceOf({ input, output }: Turn, cached: number): number {
  return input - cached + 0.1 * cached + 8 * output;
}
