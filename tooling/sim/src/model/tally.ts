/** What a run added up after its warm-up. Changed in place. */
export interface Tally {
  stallMs: number;
  /** Turns asked for: those that were answered, and what conversations that gave up had left. */
  turns: number;
  /** Requests that no account served: the person sees a limit. */
  visible: number;
  /** Refusals that another account made good. */
  hidden: number;
  lost: number;
  input: number;
  cached: number;
  /** A conversation whose cache is warm is served by another account than before. */
  moves: number;
  /** Moves from A to B and back to A within one idle window, at least one of them without a failure. */
  returns: number;
  readonly credits: number[];
}

export function emptyTally(accounts: number): Tally {
  return {
    stallMs: 0,
    turns: 0,
    visible: 0,
    hidden: 0,
    lost: 0,
    input: 0,
    cached: 0,
    moves: 0,
    returns: 0,
    credits: Array.from({ length: accounts }, () => 0),
  };
}
