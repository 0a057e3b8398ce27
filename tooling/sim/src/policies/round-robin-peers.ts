import { HOUR, MINUTE, SECOND } from "../model/time.ts";
import { createPeer, least, type PeerRule } from "./peer.ts";
import type { PolicyKind } from "./policy.ts";

/** The account that was chosen longest ago: on one machine the same as turn by turn. */
const choose: PeerRule["choose"] = (free) => least(free, ({ lastChosenAt, index }) => [lastChosenAt, index]);

const noAffinity: PeerRule = { affinityMs: 0, choose };

const BACKOFF_MS = 1 * SECOND;
const LONGEST_BACKOFF_MS = 30 * MINUTE;

const affine: PeerRule = {
  affinityMs: 1 * HOUR,
  choose,
  quotaRestMs: ({ refusalsInRow }) =>
    Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(refusalsInRow - 1, 20)),
};

/** Every request goes to the next account, and an account whose quota is used up rests until its reset. */
export const roundRobinWithoutAffinity: PolicyKind = {
  id: "rr-no-affinity",
  title: "round robin, no affinity",
  by: "peer",
  create: (scenario, random) => createPeer(noAffinity, scenario, random),
};

/** CLIProxyAPI: round robin, affinity of an hour, refusals rest 1 s, 2 s, 4 s … up to 30 minutes. */
export const cliProxyApi: PolicyKind = {
  id: "cliproxyapi",
  title: "CLIProxyAPI (round robin, affinity)",
  by: "peer",
  create: (scenario, random) => createPeer(affine, scenario, random),
};
