/** What the replay part of a decision record says about the request's conversation. */
export interface ReplayFacts {
  /** The alias of the account that the conversation, or the one that started it, lived on. */
  readonly boundAlias: string | undefined;
  /** Whether that was its own, not its parent's. */
  readonly isOwnHome: boolean;
  /** Whether strategies placed every request, not only conversations. */
  readonly isPlacingRequests: boolean;
}

/** Reads them; a record of another version, or none, says nothing of it. */
export function replayFacts(replay: object | undefined): ReplayFacts {
  const { bound, home, settings, candidates } = fieldsOf(replay);
  const read = Array.isArray(candidates) ? candidates.map(fieldsOf) : [];
  const alias = bound === undefined ? undefined : read.find(({ id }) => id === bound)?.["alias"];
  return {
    boundAlias: typeof alias === "string" ? alias : undefined,
    isOwnHome: bound === undefined || home === bound,
    isPlacingRequests: fieldsOf(settings)["sessionAffinity"] === "off",
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
