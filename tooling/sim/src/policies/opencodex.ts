import { DAY, MINUTE } from "../model/time.ts";
import { createPeer, fiveHourUsed, least, weeklyUsed, type PeerAccount, type PeerRule } from "./peer.ts";
import type { PolicyKind } from "./policy.ts";

const SWITCH_AT = 80;
const LONGEST_REST_MS = 15 * MINUTE;

const scoreOf = (account: PeerAccount, now: number): number =>
  Math.max(weeklyUsed(account, now), fiveHourUsed(account, now));

/**
 * opencodex with `cacheAffinity`: what is new goes to the active account until that is 80 % used, then the least used
 * one becomes active; a bound conversation stays until its account cannot serve.
 */
export const opencodex: PolicyKind = {
  id: "opencodex",
  title: "opencodex with cacheAffinity",
  by: "peer",
  create(scenario, random) {
    let active: number | undefined;
    const rule: PeerRule = {
      affinityMs: DAY,
      choose(free, { now }) {
        const current = free.find(({ index }) => index === active);
        if (current && scoreOf(current, now) < SWITCH_AT) return current;
        const chosen = least(free, (account) => [scoreOf(account, now), account.index]);
        active = chosen.index;
        return chosen;
      },
      quotaRestMs: (_account, untilReset) => Math.min(untilReset, LONGEST_REST_MS),
    };
    return createPeer(rule, scenario, random);
  },
};
