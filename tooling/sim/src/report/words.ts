export const INTRODUCTION = `This page is written by \`pnpm sim --write\`: a simulator plays the same conversations to each policy, seed by seed. Ours run
the very code of the plugin (\`select\`, \`applyAccountEvent\`, affinity) on a simulated clock; the peers' rules are written anew
from descriptions of theirs. Parameters were tuned on seeds from 1001, never on those reported here.`;

export const HOW_TO_READ = `Mean difference with its 95 % interval, and on how many seeds ours had fewer / more stall hours. "less" and "**more**": significant at
95 %, by the paired t test or the sign test. In italics: not counted as compared, since our version of that peer's rule does not
reproduce what was published for it (below).`;

export const HOW_IT_IS_SIMULATED = `- Prices in credits: 1 per thousand uncached input tokens, 0.1 cached, 8 output. Plus has 1,000 per five hours and 6,000 per week;
  Pro 5x and 20x that many times more.
- A five-hour window begins with the first request after the last one ended. Whoever has begun is answered to the end.
- Conversations come at random times, with 30 turns on average (geometric), 20,000 tokens of context and 3,000 more each turn,
  compacted at 200,000. An answer has 1,000 tokens and takes 30 s, the pause after it 15 s, all exponential.
- A prompt cache belongs to one conversation on one account and lives for 30 minutes after its last use.
- Whole percents are told with each answer. Where no account serves, a conversation waits and asks again every 10 minutes (sooner
  where a limit ends within 60 s; after 30 s where all were merely busy), and is given up after six hours.
- Demand is measured as a part of all weekly quotas, were every cache hit.
- In S7 conversations come in pairs of 22 turns, in S8 a random account is reset early twice a week, in S10 weekends have 15 % of the
  traffic of an even week. Answer time, pause and these three were not published with the figures that we reproduce: they were
  chosen, on seeds of their own, so that most of the published figures come out again, those of the rule that headroom began as
  among them.
- A peer runs as one process and knows nothing of reserves, so it is left out where only we have what is tested; and where one
  model has a limit of its own, since it is not known what a peer makes of that.
- Ours takes a refusal for such a limit for one of the whole account, until a reading tells that there is quota left.`;

export const WHAT_IT_DOES_NOT_SHOW = `- That a published mean lies within the interval of ours says little where the interval is wide: few seeds hold most of the stall, and in
  S9 and S10 some of our means are many times the published ones. What is compared above are differences on the same seeds.
- The peers are their rules of selection, without planners, durable sessions or what else they ship.
- Real conversations pause longer, and differ more, than these. The order of policies is worth more than any number.
- What OpenAI counts as a credit is not known; only ratios between plans and windows matter here.`;
