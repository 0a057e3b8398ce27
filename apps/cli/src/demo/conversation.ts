import type { AccountOptions } from "@open-multi-auth/upstream-sim";

/** What the demo does by itself: a conversation whose account runs dry, and then others. */
export interface Turn {
  /** Which conversation it belongs to; turns of one stay on one account while that can serve. */
  readonly conversation: string;
  readonly text: string;
}

/** Who plays, and what is said. */
export interface Cast {
  readonly accounts: readonly AccountOptions[];
  readonly script: readonly Turn[];
  /** The account that runs dry on the way; the demo fails unless a request is moved away from it. */
  readonly runsDry?: string;
}

/** Two answers are all that the first account has left. */
export const CAST: Cast = {
  accounts: [
    { alias: "work", percentPerRequest: { fiveHour: 50, weekly: 4 } },
    { alias: "personal", percentPerRequest: { fiveHour: 5, weekly: 1 } },
    { alias: "client", percentPerRequest: { fiveHour: 5, weekly: 1 } },
  ],
  script: [
    { conversation: "a", text: "Plan a small web server" },
    { conversation: "a", text: "Write its router" },
    { conversation: "a", text: "Now add the tests" },
    { conversation: "b", text: "Review the error handling" },
    { conversation: "c", text: "Name the release" },
  ],
  runsDry: "work",
};
