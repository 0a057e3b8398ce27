import type { Stage } from "./stages.ts";

const OMA = ["node", "apps/cli/dist/oma.js"] as const;

/** With the person's own accounts, against the real upstream: one usage query and one short answer, no more. */
export const LIVE: readonly Stage[] = [
  { name: "build", proves: "What is tried is what is here", commands: [["pnpm", "build"]] },
  { name: "accounts", proves: "An account can serve", commands: [[...OMA, "guard", "--min-remaining", "1"]] },
  { name: "limits", proves: "The upstream tells the limits", commands: [[...OMA, "refresh", "--limits"]] },
  {
    name: "answer",
    proves: "The person's OpenCode answers one short prompt through the pool",
    commands: [
      ["opencode", "run", "Answer with the word ready."],
      [...OMA, "why"],
    ],
  },
  // Whatever happened upstream, everything here works without it.
  { name: "mocked-again", proves: "Back in mocked mode all is as before", commands: [["pnpm", "test:unit"]] },
];
