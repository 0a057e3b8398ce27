import type { Random } from "@open-multi-auth/domain";
import { drawTurns, HABITS, priceOf, type Conversation, type Habits } from "./conversation.ts";
import { createRandom, exponential } from "./random.ts";
import type { Arrivals, Scenario } from "./scenario.ts";
import { MINUTE, WEEK } from "./time.ts";

const CACHE_MS = 30 * MINUTE;
const SAMPLE = 20_000;
const SUB_AGENT_TURNS = 6;

/** Every conversation that begins within `weeks`, in order: it follows from the scenario and the seed alone. */
export function drawWorkload(scenario: Scenario, seed: number, weeks: number): readonly Conversation[] {
  const { arrivals = {}, habits = HABITS } = scenario;
  const random = createRandom(seed, "arrivals");
  const { group = 1, secondModel = 0, mostRate = 1, rate } = arrivals;
  const weekly = scenario.plans.reduce((sum, plan) => sum + plan.weekly, 0);
  const everyMs = (WEEK * group * meanPrice(habits, arrivals)) / (scenario.demand * weekly);
  const conversations: Conversation[] = [];
  for (let at = 0; ;) {
    at += exponential(random, everyMs / mostRate);
    if (at >= weeks * WEEK) break;
    if (rate && random.next() * mostRate >= rate(at)) continue;
    for (let member = 0; member < group; member += 1) {
      const number = conversations.length;
      const own = createRandom(seed, `conversation ${number}`);
      const model = own.next() < secondModel ? "second" : "first";
      const startsAt = at + (group > 1 ? own.next() * MINUTE : 0);
      const turns = drawTurns(own, habits);
      const parent: Conversation = { id: `c${number}`, startsAt, turns, model };
      conversations.push(parent, ...subAgentsOf(parent, arrivals, own, habits));
    }
  }
  return conversations.toSorted((a, b) => a.startsAt - b.startsAt);
}

/** Sub-agents begin while their parent works; nobody waits for them. */
function subAgentsOf(
  parent: Conversation,
  { subAgents = 0 }: Arrivals,
  random: Random,
  habits: Habits,
): readonly Conversation[] {
  if (subAgents === 0) return [];
  let at = parent.startsAt;
  return parent.turns.flatMap(({ answerMs, pauseMs }, turn) => {
    at += answerMs + pauseMs;
    if (random.next() >= subAgents) return [];
    const turns = drawTurns(random, subAgentHabits(habits));
    const id = `${parent.id}.${turn}`;
    return [{ id, startsAt: at - pauseMs, turns, model: parent.model, parentId: parent.id }];
  });
}

const subAgentHabits = ({ pauseMs }: Habits): Habits => ({ turns: SUB_AGENT_TURNS, pauseMs: pauseMs / 10 });

const prices = new Map<string, number>();

/** What a conversation costs on average, with its sub-agents, on one account that never refuses. */
function meanPrice(habits: Habits, { subAgents = 0 }: Arrivals): number {
  const key = `${habits.turns} ${habits.pauseMs} ${subAgents}`;
  let price = prices.get(key);
  if (price === undefined) {
    price = meanOf(habits);
    if (subAgents > 0) price += subAgents * habits.turns * meanOf(subAgentHabits(habits));
    prices.set(key, price);
  }
  return price;
}

function meanOf(habits: Habits): number {
  const random = createRandom(1, "mean price");
  let sum = 0;
  for (let sample = 0; sample < SAMPLE; sample += 1) {
    let cached = 0;
    let away = Infinity;
    for (const turn of drawTurns(random, habits)) {
      sum += priceOf(turn, turn.compacted || away >= CACHE_MS ? 0 : cached);
      cached = turn.input;
      away = turn.answerMs + turn.pauseMs;
    }
  }
  return sum / SAMPLE;
}
