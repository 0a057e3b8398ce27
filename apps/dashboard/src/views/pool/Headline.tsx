import type { StateView } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { duration, forecast, forecastMoment, moment } from "../../format/time.ts";
import { AccountLink } from "./AccountLink.tsx";
import { Facts } from "./Facts.tsx";
import { canServe, type Headline as HeadlineModel } from "./model/headline.ts";
import { Runway } from "./Runway.tsx";
import { isSignedOut } from "./model/sign-in.ts";

interface HeadlineProps {
  readonly headline: HeadlineModel;
  readonly state: StateView;
  readonly now: number;
  readonly onLink: () => void;
}

/** Can I keep working, for how long, on which account. */
export function Headline({ headline, state, now, onLink }: HeadlineProps) {
  return (
    <div class="hero">
      <div>
        <h1>{sentence(headline, now)}</h1>
        <p class="lead">{lead(headline, state, now, onLink)}</p>
      </div>
      <Facts headline={headline} state={state} now={now} />
      <Runway headline={headline} now={now} />
    </div>
  );
}

function sentence({ answer }: HeadlineModel, now: number): ComponentChildren {
  switch (answer.kind) {
    case "until":
      return answer.at <= now ? (
        <>
          <b>Used up</b> until the next reset
        </>
      ) : (
        <>
          Enough for <b>{forecast(answer.at - now)}</b> at&nbsp;this&nbsp;pace
        </>
      );
    case "lasts":
      return (
        <>
          Enough <b>for weeks</b> at&nbsp;this&nbsp;pace
        </>
      );
    case "nothing":
      return answer.back === undefined ? (
        <>
          <b>No account</b> can answer
        </>
      ) : (
        <>
          Nothing left for <b>{duration(answer.back.at - now)}</b>
        </>
      );
    case "unknown":
      return (
        <>
          How long it lasts is <b>unknown</b>
        </>
      );
    default:
      return answer satisfies never;
  }
}

function lead(
  { answer }: HeadlineModel,
  state: StateView,
  now: number,
  onLink: () => void,
): ComponentChildren {
  switch (answer.kind) {
    case "until":
      return (
        <>
          Until about {forecastMoment(answer.at, now)}.{" "}
          {answer.back && (
            <>
              Then nothing for {forecast(answer.back.at - answer.at)}, until <b>{answer.back.alias}</b> resets{" "}
              {moment(answer.back.at, now)}.
            </>
          )}
        </>
      );
    case "lasts":
      return <>Windows reset sooner than they empty. {readyText(state, now)}</>;
    case "unknown":
      return <>Not every account has told its pace. {readyText(state, now)}</>;
    case "nothing":
      return <NothingLead back={answer.back} state={state} now={now} onLink={onLink} />;
    default:
      return answer satisfies never;
  }
}

function readyText({ accounts }: StateView, now: number): string {
  const ready = accounts.filter((account) => canServe(account, now)).length;
  return ready === 1 ? "One account can answer." : `${ready} accounts can answer.`;
}

function NothingLead({
  back,
  state,
  now,
  onLink,
}: {
  readonly back: (HeadlineModel["answer"] & { kind: "nothing" })["back"];
  readonly state: StateView;
  readonly now: number;
  readonly onLink: () => void;
}) {
  const off = state.accounts.filter(({ enabled }) => !enabled).map(({ alias }) => alias);
  const signedOut = state.accounts.filter((account) => isSignedOut(account));
  return (
    <>
      {back ? (
        <>
          Every account that is on rests; <b>{back.alias}</b> is back first, at {moment(back.at, now)}. Agents
          were told to retry then and go on from there.{" "}
        </>
      ) : (
        <>No account is on and signed in. </>
      )}
      Sooner:{" "}
      <button type="button" class="lnk" onClick={onLink}>
        link another account
      </button>
      {off.length > 0 && (
        <>
          {" "}
          or turn on <Names aliases={off} />
        </>
      )}
      {signedOut.length > 0 && (
        <>
          {" "}
          or sign in to <Names aliases={signedOut.map(({ alias }) => alias)} /> again
        </>
      )}
      .
    </>
  );
}

const NAMED = 3;

function Names({ aliases }: { readonly aliases: readonly string[] }) {
  return (
    <>
      {aliases.slice(0, NAMED).map((alias, index) => (
        <>
          {index > 0 && ", "}
          <AccountLink alias={alias} />
        </>
      ))}
      {aliases.length > NAMED && ` and ${aliases.length - NAMED} more`}
    </>
  );
}
