/** What the demo does by itself: a conversation whose account runs dry, and then others. */
export interface Turn {
  /** Which conversation it belongs to; turns of one stay on one account while that can serve. */
  readonly conversation: string;
  readonly text: string;
}

/** The simulated accounts. Two answers are all that the first one has left. */
export const DEMO_ACCOUNTS = [
  { alias: "work", percentPerRequest: { fiveHour: 50, weekly: 4 } },
  { alias: "personal", percentPerRequest: { fiveHour: 5, weekly: 1 } },
  { alias: "client", percentPerRequest: { fiveHour: 5, weekly: 1 } },
] as const;

export const SCRIPT: readonly Turn[] = [
  { conversation: "a", text: "Plan a small web server" },
  { conversation: "a", text: "Write its router" },
  { conversation: "a", text: "Now add the tests" },
  { conversation: "b", text: "Review the error handling" },
  { conversation: "c", text: "Name the release" },
];
