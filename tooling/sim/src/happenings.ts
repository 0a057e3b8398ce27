import type { Happening, HappeningsContext } from "./model/scenario.ts";
import { HOUR, MINUTE, START, WEEK } from "./model/time.ts";
import { charge, read, resetEarly } from "./model/upstream-account.ts";
import type { World } from "./simulate.ts";

/** A poll a minute would show what answers do not tell; this is as good, since nothing else changes between answers. */
const NOTICED_MS = MINUTE;
const POLL_MS = 15 * MINUTE;

/** Puts what the scenario has in store on the agenda, and the polls. */
export function planHappenings(world: World, context: HappeningsContext): void {
  const { agenda, scenario } = world;
  for (const happening of scenario.happenings?.(context) ?? []) {
    agenda.add(START + happening.at, () => {
      happen(world, happening);
      if (scenario.pollMs === undefined) agenda.add(agenda.now + NOTICED_MS, () => poll(world));
    });
  }
  agenda.add(START, () => poll(world));
  const pollMs = scenario.pollMs ?? POLL_MS;
  const again = (): void => {
    poll(world);
    agenda.add(agenda.now + pollMs, again);
  };
  agenda.add(START + pollMs, again);
}

function happen(world: World, happening: Happening): void {
  const { accounts, agenda } = world;
  const { now } = agenda;
  switch (happening.kind) {
    case "early-reset": {
      const account = accounts[happening.account];
      if (account) resetEarly(account, now);
      return;
    }
    case "dies":
    case "returns": {
      const account = accounts[happening.account];
      if (account) account.alive = happening.kind === "returns";
      return;
    }
    case "used-by-hand": {
      const account = accounts[happening.account];
      if (account) useByHand(account, happening.share, now);
      return;
    }
    case "all-used-up": {
      for (const [index, account] of accounts.entries()) {
        account.usedFiveHour = account.plan.fiveHour;
        account.fiveHourEndsAt = now + (index === happening.account ? happening.inMs : 4 * HOUR);
        if (account.weekEndsAt <= now) account.weekEndsAt += WEEK;
      }
      return;
    }
    case "clock-off":
      world.clockOffMs = happening.byMs;
      return;
    case "storm":
      world.storm = happening.probability;
      return;
    default:
      return happening satisfies never;
  }
}

function useByHand(account: World["accounts"][number], share: number, now: number): void {
  const credits = Math.min(
    share * account.plan.weekly,
    Math.max(0, account.plan.fiveHour - account.usedFiveHour),
  );
  charge(account, credits, { model: "first", now });
}

function poll({ accounts, agenda, clockOffMs, policy, scenario }: World): void {
  for (const [index, account] of accounts.entries()) {
    if (!account.alive || scenario.untold?.includes(index) === true) continue;
    policy.polled(index, read(account, agenda.now), agenda.now + clockOffMs);
  }
}
