import type { Account, Random, RotationState, Settings } from "@open-multi-auth/domain";

/** What a strategy chooses from. */
export interface Field {
  /** At least one eligible account, in the order of linking. */
  readonly eligible: readonly Account[];
  /** Every account of the pool. */
  readonly accounts: readonly Account[];
  readonly settings: Settings;
  readonly rotation: RotationState;
  readonly random: Random;
}

/** All of the eligible accounts, the one to use first, and the fairness state after using it. */
export interface Placement {
  readonly order: readonly Account[];
  readonly rotation: RotationState;
}

/** A rule that orders eligible accounts. */
export type PlacementRule = (field: Field) => Placement;
