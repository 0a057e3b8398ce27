import { priceOf, type Conversation, type Turn } from "./model/conversation.ts";
import { HOUR, MINUTE, SECOND } from "./model/time.ts";
import { charge, quotaRefusal, read, startWindow, type Refusal } from "./model/upstream-account.ts";
import type { World } from "./simulate.ts";

const CACHE_MS = 30 * MINUTE;
const RECHECK_MS = 10 * MINUTE;
const BUSY_RECHECK_MS = 30 * SECOND;
/** A client waits by itself for what ends within so long. */
const WORTH_WAITING_MS = 60 * SECOND;
const PATIENCE_MS = 6 * HOUR;

/** The clients of the pool: they send turn after turn, wait where they must, and give up after six hours. */
export interface Client {
  begin(conversation: Conversation): void;
  /** Counts those that are still waiting. */
  close(): void;
}

interface Course {
  readonly conversation: Conversation;
  turn: number;
  waitingSince: number | undefined;
  /** Where its cache is, by account: how much, and when last used. */
  readonly caches: Map<number, { tokens: number; at: number }>;
  last: { account: number; at: number } | undefined;
  /** The move before, within the same idle window. */
  moved: { from: number; failed: boolean } | undefined;
}

export function createClient(world: World): Client {
  const { accounts, agenda, policy, tally, scenario } = world;
  const waiting = new Set<Course>();
  const lastRefusalAt = accounts.map(() => -Infinity);
  const local = (): number => agenda.now + world.clockOffMs;

  return {
    begin(conversation) {
      send({
        conversation,
        turn: 0,
        waitingSince: undefined,
        caches: new Map(),
        last: undefined,
        moved: undefined,
      });
    },
    close() {
      for (const course of waiting) countStall(course, world.end);
    },
  };

  function send(course: Course): void {
    const { conversation } = course;
    const turn = conversation.turns[course.turn];
    if (!turn) return policy.ended?.(conversation);
    const tried: number[] = [];
    let busyOnly = true;
    for (;;) {
      const account = policy.next(conversation, tried, local());
      if (account === undefined || tried.includes(account)) break;
      const refusal = refusalOf(account, conversation);
      if (!refusal) return answer(course, turn, account, tried.length);
      if (refusal.kind !== "busy") busyOnly = false;
      lastRefusalAt[account] = agenda.now;
      tried.push(account);
      policy.refused(conversation, account, refusal, local());
    }
    wait(course, busyOnly && tried.length > 0);
  }

  function refusalOf(index: number, { model }: Conversation): Refusal | undefined {
    const account = accounts[index];
    if (!account?.alive) return { kind: "dead" };
    if (model === "second" && scenario.withoutSecondModel?.includes(index) === true) return { kind: "model" };
    const refusal = quotaRefusal(account, { model, now: agenda.now });
    if (refusal) return refusal;
    const isFull = scenario.concurrency !== undefined && account.inFlight >= scenario.concurrency;
    return isFull || (world.storm > 0 && world.random.next() < world.storm) ? { kind: "busy" } : undefined;
  }

  function wait(course: Course, busyOnly: boolean): void {
    course.waitingSince ??= agenda.now;
    waiting.add(course);
    const counts = agenda.now >= world.countsFrom;
    if (counts) tally.visible += 1;
    if (agenda.now - course.waitingSince >= PATIENCE_MS) {
      if (counts) tally.lost += 1;
      if (counts) tally.turns += course.conversation.turns.length - course.turn;
      countStall(course, agenda.now);
      policy.ended?.(course.conversation);
      return;
    }
    agenda.add(agenda.now + (busyOnly ? BUSY_RECHECK_MS : untilRecheck(course.conversation)), () =>
      send(course),
    );
  }

  /** Ten minutes; less where upstream itself says that it is worth waiting. */
  function untilRecheck({ model }: Conversation): number {
    let soonest = RECHECK_MS;
    for (const account of accounts) {
      const refusal = account.alive ? quotaRefusal(account, { model, now: agenda.now }) : undefined;
      const inMs = (refusal?.resetsAt ?? Infinity) - agenda.now;
      if (inMs <= WORTH_WAITING_MS && inMs < soonest) soonest = inMs;
    }
    return soonest;
  }

  function answer(course: Course, turn: Turn, index: number, refusals: number): void {
    const account = accounts[index];
    if (!account) throw new Error(`a policy chose account ${index}, which is not there`);
    const { conversation } = course;
    const { model } = conversation;
    const startedAt = agenda.now;
    countStall(course, startedAt);
    const cached = cachedTokens(course, turn, index);
    const credits = priceOf(turn, cached);
    if (startedAt >= world.countsFrom) {
      tally.turns += 1;
      tally.hidden += refusals;
      tally.input += turn.input;
      tally.cached += cached;
      tally.credits[index] = (tally.credits[index] ?? 0) + credits;
    }
    noteMove(course, index);
    course.caches.set(index, { tokens: turn.input, at: startedAt });
    course.turn += 1;
    startWindow(account, { model, now: startedAt });
    account.inFlight += 1;
    const begunAt = local();
    policy.begun(conversation, index, begunAt);
    agenda.add(startedAt + turn.answerMs, () => {
      account.inFlight -= 1;
      charge(account, credits, { model, now: agenda.now });
      const told = scenario.pollMs === undefined && scenario.untold?.includes(index) !== true;
      const reading = told ? read(account, agenda.now) : undefined;
      policy.served(conversation, index, { startedAt: begunAt, now: local(), credits, reading });
      agenda.add(agenda.now + turn.pauseMs, () => send(course));
    });
  }

  function cachedTokens(course: Course, turn: Turn, index: number): number {
    if (turn.compacted) course.caches.clear();
    const cache = course.caches.get(index);
    return cache && agenda.now - cache.at < CACHE_MS ? Math.min(cache.tokens, turn.input) : 0;
  }

  function noteMove(course: Course, index: number): void {
    const { last } = course;
    course.last = { account: index, at: agenda.now };
    if (!last || agenda.now - last.at >= CACHE_MS) {
      course.moved = undefined;
      return;
    }
    if (last.account === index) return;
    const before = accounts[last.account];
    const failed =
      (lastRefusalAt[last.account] ?? 0) >= last.at ||
      !before?.alive ||
      isReserved(last.account) ||
      quotaRefusal(before, { model: course.conversation.model, now: agenda.now }) !== undefined;
    if (agenda.now >= world.countsFrom) {
      tally.moves += 1;
      if (course.moved?.from === index && !(failed && course.moved.failed)) tally.returns += 1;
    }
    course.moved = { from: last.account, failed };
  }

  /** What is left belongs to the account's owner: ours may not use it. */
  function isReserved(index: number): boolean {
    const reserve = scenario.settings?.reservePercent?.[`account-${index + 1}`] ?? 0;
    const account = accounts[index];
    if (reserve === 0 || !account) return false;
    const { fiveHour, weekly } = read(account, agenda.now);
    return 100 - Math.max(fiveHour?.usedPercent ?? 0, weekly.usedPercent) <= reserve;
  }

  function countStall(course: Course, until: number): void {
    if (course.waitingSince === undefined) return;
    waiting.delete(course);
    const from = Math.max(course.waitingSince, world.countsFrom);
    if (until > from) tally.stallMs += until - from;
    course.waitingSince = undefined;
  }
}
