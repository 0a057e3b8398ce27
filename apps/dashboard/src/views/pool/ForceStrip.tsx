import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { LinkButton } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { duration, forecastMoment, moment } from "../../format/time.ts";
import { poolActions, type ForceChange } from "./actions.ts";
import { isForced } from "./model/status.ts";
import { useValue } from "../../state/signal.ts";
import { endsOf } from "./model/headline.ts";

const FORCE_MS = 24 * 3_600_000;

/** Pins one account for a day. Its latch is squared and violet: nothing else looks like it. */
export function ForceStrip({ state }: { readonly state: StateView }) {
  const app = useApp();
  const actions = poolActions(app);
  const now = useValue(app.now);
  const [chosen, choose] = useState<string>();
  const change = useValue(actions.forcing);
  const choices = state.accounts.filter(({ enabled }) => enabled).map(({ alias }) => alias);
  const isOn = isForced(state, now);
  const alias = isOn
    ? (state.force.alias ?? "")
    : (refused(change) ?? known(choices, chosen) ?? first(state, choices));
  const isBusy = change?.kind === "updating";
  const error = change?.kind === "error" ? change.error : undefined;
  const left = isOn && state.force.until !== undefined ? Date.parse(state.force.until) - now : 0;
  return (
    <section
      class={`force ${isOn ? "on" : ""} ${error ? "is-err" : ""}`}
      aria-label="Force one account"
      data-state={isBusy ? "updating" : error ? "error" : isOn ? "on" : "off"}
    >
      <Icon name="pin" class="pin" />
      <ForceText {...{ state, now, isOn, left, error, alias }} onForget={actions.forgetForce} />
      <span class="r">
        {!isOn && (
          <select
            class="field"
            aria-label="Account to force"
            value={alias}
            disabled={isBusy}
            onChange={(event) => {
              actions.forgetForce();
              choose(event.currentTarget.value);
            }}
          >
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        )}
        <button
          type="button"
          class="latch"
          role="switch"
          aria-checked={isOn}
          aria-busy={isBusy}
          aria-label={isOn ? `Forced to ${alias}` : `Force ${alias} for 24 hours`}
          onClick={() => void actions.force(isOn ? null : alias)}
        >
          <span>Off</span>
          <span>{isBusy ? "Forcing" : isOn ? "On" : "On for 24 h"}</span>
        </button>
      </span>
      {isOn && <i class="fuse" style={{ "--v": (left / FORCE_MS) * 100 }} />}
    </section>
  );
}

interface ForceTextProps {
  readonly state: StateView;
  readonly now: number;
  readonly isOn: boolean;
  readonly left: number;
  readonly error: (ForceChange & { kind: "error" })["error"] | undefined;
  readonly alias: string;
  readonly onForget: () => void;
}

function ForceText({ state, now, isOn, left, error, alias, onForget }: ForceTextProps) {
  if (error) {
    return (
      <>
        <h2>{isOn ? "Still forced" : "Not forced"}</h2>
        <span class="sub" role="alert">
          {error.message} <code class="crit-t">{error.code}</code>{" "}
          <LinkButton onClick={onForget}>Dismiss</LinkButton>
        </span>
      </>
    );
  }
  if (!isOn) {
    return (
      <>
        <h2>Force one account</h2>
        <span class="sub opt-h">All requests go to it for 24 h, over any strategy.</span>
      </>
    );
  }
  return (
    <>
      <h2>Forced to {alias}</h2>
      <span class="sub">
        <b class="force-left">{duration(left)} left</b>, until {moment(now + left, now)}.{" "}
        {emptiesBefore(state, now, left)}
      </span>
    </>
  );
}

/** A warning, where the account empties before the force ends. */
function emptiesBefore(state: StateView, now: number, left: number): string {
  const account = state.accounts.find(({ alias }) => alias === state.force.alias);
  const first = Math.min(...(account ? endsOf(account, now) : []));
  return first < now + left
    ? `At this pace ${account?.alias ?? ""} empties before, about ${forecastMoment(first, now)}; force ends then.`
    : "";
}

const refused = (change: ForceChange | undefined): string | undefined => change?.alias ?? undefined;
const known = (choices: readonly string[], alias: string | undefined): string | undefined =>
  choices.find((choice) => choice === alias);
const first = ({ current, next }: StateView, choices: readonly string[]): string =>
  known(choices, current ?? next ?? undefined) ?? choices[0] ?? "";
