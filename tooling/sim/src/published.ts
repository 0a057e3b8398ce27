/**
 * Stall hours that an earlier, independent simulation of the same scenarios published for the peers' rules: means of
 * 30 seeds. A peer is compared in a scenario only where ours reproduces them.
 */
export const PUBLISHED_SEEDS = 30;

const SCENARIO_IDS = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"] as const;

const STALL_HOURS: Readonly<Record<string, readonly number[]>> = {
  "rr-no-affinity": [42.9, 3508, 6685, 857, 349, 171, 221, 1478, 1344, 1481],
  cliproxyapi: [4.4, 824, 5734, 141, 19.3, 20.9, 1.5, 242, 24.1, 55.3],
  opencodex: [5, 1766, 6090, 145, 27.8, 59.7, 11.8, 374, 150, 233],
  "codex-lb": [3.8, 688, 5429, 145, 0.9, 4.7, 2, 202, 12.1, 21],
  "codex-lb-availability": [3.3, 725, 5564, 144, 2.8, 6.8, 1.7, 205, 5.8, 39.4],
  "codex-lb-drain": [3.9, 596, 5417, 133, 3, 1, 2, 182, 9.2, 20.9],
  "earliest-reset": [3.4, 348, 5158, 147, 2.6, 1.4, 1.7, 104, 5.5, 7.8],
};

/** The published stall hours, or `undefined` where nobody published any. */
export function publishedStallHours(policyId: string, scenarioId: string): number | undefined {
  const index = SCENARIO_IDS.indexOf(scenarioId as (typeof SCENARIO_IDS)[number]);
  return index < 0 ? undefined : STALL_HOURS[policyId]?.[index];
}
