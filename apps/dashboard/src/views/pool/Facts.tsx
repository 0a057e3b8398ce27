import type { StateView } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { Table } from "../../components/table.tsx";
import { duration, forecast, forecastMoment, moment } from "../../format/time.ts";
import { AccountLink } from "./AccountLink.tsx";
import { backs, emptiesFirst, willBeLost, type Headline } from "./model/headline.ts";
import { statusOf } from "./model/status.ts";
import { count } from "../../format/count.ts";
import { headlineOf } from "../activity/digest.ts";
import { isSignedOut } from "./model/sign-in.ts";

interface FactsProps {
  readonly headline: Headline;
  readonly state: StateView;
  readonly now: number;
}

/** The evidence beside the headline. */
export function Facts({ headline, state, now }: FactsProps) {
  if (headline.answer.kind === "nothing") return <Returns state={state} now={now} />;
  const first = emptiesFirst(state.accounts, now);
  const lost = willBeLost(state.accounts, now);
  const signedOut = state.accounts.filter((account) => isSignedOut(account));
  return (
    <dl class="facts">
      {first && (
        <Fact name="Empties first">
          <b>{first.alias}</b>{" "}
          <span>
            in {forecast(first.at - now)}, about {forecastMoment(first.at, now)}
          </span>
        </Fact>
      )}
      {lost && (
        <Fact name="Will be lost">
          <b>
            {lost.percent}% of {lost.alias}
          </b>{" "}
          <span>at its reset in {duration(lost.at - now)}</span>
        </Fact>
      )}
      {signedOut.length > 0 && (
        <Fact name="Needs you">
          {signedOut.slice(0, 3).map(({ alias }, index) => (
            <>
              {index > 0 && ", "}
              <AccountLink alias={alias} />
            </>
          ))}{" "}
          <span>
            {signedOut.length > 3 && `and ${signedOut.length - 3} more `}
            {signedOut.length === 1 ? "is signed out" : "are signed out"}
          </span>
        </Fact>
      )}
      <Kept counters={state.counters} />
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Failures that the person never saw, because another account answered. */
function Kept({ counters }: { readonly counters: StateView["counters"] }) {
  const { kept, reached } = headlineOf(counters);
  return (
    <Fact name="Kept from you">
      <b>{count(kept, "interruption")}</b>{" "}
      <span>this week. {reached === 0 ? "None" : reached} reached you.</span>
    </Fact>
  );
}

const SHOWN = 6;

/** When nothing is left: who is back when. */
function Returns({ state, now }: { readonly state: StateView; readonly now: number }) {
  return (
    <Table
      caption="When accounts are back"
      class="back"
      rows={backs(state.accounts, now).slice(0, SHOWN)}
      rowKey={({ alias }) => alias}
      columns={[
        { cell: ({ alias }) => alias },
        {
          class: "t2",
          cell: ({ alias }) => {
            const account = state.accounts.find((one) => one.alias === alias);
            return account && statusOf(account, state, now).reason.replace(/^until [^,]+, /, "");
          },
        },
        { class: "num t2", cell: ({ at }) => `back ${moment(at, now)}` },
        { class: "num", cell: ({ at }) => <b>{duration(at - now)}</b> },
      ]}
    />
  );
}
