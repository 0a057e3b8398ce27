import type { Figure } from "./figure.ts";
import { KILLS, LATENCY, REFRESH, UPDATES } from "./sizes.ts";

/** What every reader has to know before a figure. */
export const INTRODUCTION = `This page is written by a benchmark that anybody can repeat: clone the two other plugins, build them as their READMEs tell, and run

\`\`\`sh
pnpm bench:compare --baseline <clone of floze-the-genius/opencode-multi-auth-codex> --ndycode <clone of ndycode/oc-codex-multi-auth>
\`\`\`

Each plugin is driven through what it exports itself, in processes of its own with an empty home folder, its default settings and ten linked
accounts; only oc-codex-multi-auth is told to keep one store for all projects, as the two others do. OpenAI is simulated on loopback: what the plugins send to \`chatgpt.com\` and \`auth.openai.com\` by \`fetch\` is led there, everything
else is refused. They share machine, runtime and simulator, one after the other. None of their code is in this repository.`;

interface Method {
  readonly group: Figure["group"];
  readonly title: string;
  /** How it was measured, and what is fair to know. */
  readonly text: string;
}

/** The groups in the order of the page. */
export const METHODS: readonly Method[] = [
  {
    group: "latency",
    title: "Added latency",
    text: `OpenCode's request of 9 kB, its answer read to the last byte, through the plugin's \`fetch\` less a direct one of the same process, in turn:
${LATENCY.pairs} pairs after ${LATENCY.warmUp} of warm-up, in ${LATENCY.processes} fresh processes each; medians over the processes. With so little warm-up all three still run partly
uncompiled, as in an OpenCode that was just started; \`pnpm bench\` has our figures once that is over. In Node ours sends by another HTTP client
than the direct request, which can make it quicker than that. More than 500 requests at once would have met a local limiter of
oc-codex-multi-auth's (50 for each account, then 6 a minute), so there are fewer.`,
  },
  {
    group: "updates",
    title: "Updates by several processes",
    text: `${UPDATES.processes} processes count up a number of an account each, ${UPDATES.each} times, in one store: by \`updateAccount\` (baseline), by \`withAccountStorageTransaction\`
(oc-codex-multi-auth; the number is \`lastUsed\`) and by \`store.update\` (ours). Each update is on disk when it resolves. A refused update is an
error that the caller sees; an update that neither survived nor was refused is lost silently.`,
  },
  {
    group: "kills",
    title: "Killed while writing",
    text: `A process that updates without end is ended by SIGKILL between 0 and ${KILLS.latestMs} ms after its first update, ${KILLS.times} times, each on a store of its own; afterwards
fresh processes read the store and update it once. An update counts as acknowledged once the process has told so. A lock whose
owner was killed has to be waited for or taken over; a next update that does not work was refused with an error.`,
  },
  {
    group: "refresh",
    title: "Refresh race",
    text: `${REFRESH.processes} processes send ${REFRESH.requests} requests each at the same instant, when the access token of the only account is over; ${REFRESH.rounds} times, each with an account of
its own. Refresh tokens are good once, as OpenAI's. One exchange is enough; whoever sends more with the same refresh token gets
\`refresh_token_reused\`.`,
  },
];
