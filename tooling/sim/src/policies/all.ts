import { codexLbAvailability, codexLbDefault, codexLbDrain } from "./codex-lb.ts";
import { earliestReset } from "./earliest-reset.ts";
import { opencodex } from "./opencodex.ts";
import { headroom, headroomToTheEnd, roundRobin } from "./ours.ts";
import type { PolicyKind } from "./policy.ts";
import { cliProxyApi, roundRobinWithoutAffinity } from "./round-robin-peers.ts";

/** Ours first, then the peers, then a baseline that nobody ships. */
export const POLICIES: readonly PolicyKind[] = [
  headroom,
  headroomToTheEnd,
  roundRobin,
  roundRobinWithoutAffinity,
  cliProxyApi,
  opencodex,
  codexLbDefault,
  codexLbAvailability,
  codexLbDrain,
  earliestReset,
];
