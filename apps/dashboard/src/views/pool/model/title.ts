import { duration, forecast, moment } from "../../../format/time.ts";
import type { Connection } from "../../../state/live.ts";
import type { Headline } from "./headline.ts";

const NAME = "open-multi-auth";

/** The title of the tab: it answers in the background too. */
export function titleOf(headline: Headline | undefined, connection: Connection["kind"], now: number): string {
  if (connection === "offline" || connection === "signed-out") return `Not connected · ${NAME}`;
  const answer = headline && answerText(headline.answer, now);
  return answer === undefined ? NAME : `${answer} · ${NAME}`;
}

function answerText(answer: Headline["answer"], now: number): string | undefined {
  switch (answer.kind) {
    case "until":
      return answer.at <= now ? "Used up" : `${forecast(answer.at - now)} left`;
    case "nothing":
      return answer.back
        ? `Back at ${moment(answer.back.at, now)} (${duration(answer.back.at - now)})`
        : "No account";
    case "lasts":
      return "Weeks left";
    case "unknown":
      return undefined;
    default:
      return answer satisfies never;
  }
}
