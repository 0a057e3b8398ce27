import type { AccountView } from "@open-multi-auth/domain";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import type { LinkView, StateView } from "@open-multi-auth/loopback-api/client";
import { Tag } from "../../components/badge.tsx";
import { IconButton } from "../../components/button.tsx";
import { Glyph } from "../../components/glyph.tsx";
import { Icon } from "../../components/icon.tsx";
import { Switch } from "../../components/switch.tsx";
import { planName } from "../../format/percent.ts";
import { poolActions } from "./actions.ts";
import { Details } from "./Details.tsx";
import { Meter } from "./Meter.tsx";
import { confidenceAt } from "./model/confidence.ts";
import { canServe } from "./model/headline.ts";
import { statusOf } from "./model/status.ts";
import { Reading } from "./Reading.tsx";
import { ReauthButton, reauthOf, type ReauthState } from "./ReauthButton.tsx";
import { RowNotes } from "./RowNotes.tsx";
import { useValue } from "../../state/signal.ts";

const DONE_MS = 3_000;

interface AccountRowProps {
  readonly account: AccountView;
  readonly state: StateView;
  readonly now: number;
  /** Present where accounts can be selected. */
  readonly selection?: { readonly isSelected: boolean; readonly onSelect: (is: boolean) => void } | undefined;
  readonly onMenu: (account: AccountView, opener: HTMLElement) => void;
}

/** One account: who it is, both windows, how far they can be trusted, its sign-in and its switch. */
export function AccountRow({ account, state, now, selection, onMenu }: AccountRowProps) {
  const app = useApp();
  const actions = poolActions(app);
  const [isOpen, setOpen] = useState(false);
  const [showsReading, setShowsReading] = useState(false);
  const { alias } = account;
  const confidence = confidenceAt(account, now);
  const status = statusOf(account, state, now);
  const change = useValue(actions.switches)[alias];
  const problems = useValue(actions.problems);
  const link = reauthOf(state.links, alias);
  const reauth = useReauth(link, () => void actions.refreshLimits(alias));
  const thresholds = state.settings.settings;
  // The larger part of a row; in a long list it is not compared again with each letter of a search.
  const meters = useMemo(() => {
    const shown = { account, confidence, thresholds, now };
    return [<Meter key="h" slot="fiveHour" {...shown} />, <Meter key="w" slot="weekly" {...shown} />];
  }, [account, confidence, thresholds, now]);
  const isDim = status.kind === "off" || status.kind === "signin";
  return (
    <li
      class={`row is-${status.kind} ${isDim ? "dim" : ""} ${status.kind === "off" ? "fold" : ""}`}
      id={`acc-${alias}`}
    >
      {selection && (
        <input
          type="checkbox"
          class="ck"
          checked={selection.isSelected}
          aria-label={`Select ${alias}`}
          onChange={(event) => selection.onSelect(event.currentTarget.checked)}
        />
      )}
      <div class="who">
        <div class="who-1">
          <Glyph name={status.kind} />
          <button type="button" class="alias" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {alias}
          </button>
          {account.planType !== undefined && <span class="plan">{planName(account.planType)}</span>}
          {account.active && (
            <Tag title="The Codex CLI is signed in as this account">
              <Icon name="terminal" />
              <span class="tx">Codex CLI</span>
            </Tag>
          )}
        </div>
        <div class="who-2">
          <b>{status.word}</b>
          <span class="x">{status.reason}</span>
        </div>
      </div>
      {meters}
      <div class="acts">
        <span class="cell-conf">
          <Reading
            {...{ account, confidence, now }}
            isOpen={showsReading}
            onToggle={() => setShowsReading(!showsReading)}
          />
        </span>
        <ReauthButton account={account} state={reauth} actions={actions} />
        <Switch
          label={`${alias} enabled`}
          checked={account.enabled}
          updating={change?.kind === "updating"}
          failed={change?.kind === "error"}
          {...(change?.kind === "error" && { describedBy: `sw-${alias}` })}
          onToggle={(to) => void actions.setEnabled(alias, to)}
        />
      </div>
      <IconButton
        icon="more"
        label={`More for ${alias}`}
        class="more"
        aria-haspopup="menu"
        onClick={(event) => onMenu(account, event.currentTarget)}
      />
      <RowNotes
        {...{ account, confidence, change, link, showsReading, now, actions }}
        // An alias may be called like a property that every object inherits.
        problem={Object.hasOwn(problems, alias) ? problems[alias] : undefined}
        othersAnswer={state.accounts.some((one) => one !== account && canServe(one, now))}
      />
      {isOpen && <Details account={account} state={state} now={now} />}
    </li>
  );
}

/** Success is news for a moment only, and one that had ended before this page looked is none. */
function useReauth(link: LinkView | undefined, onDone: () => void): ReauthState {
  const doneId = link?.progress === "success" ? link.id : undefined;
  const [told, setTold] = useState(doneId);
  useEffect(() => {
    if (doneId === undefined || doneId === told) return undefined;
    onDone();
    const timer = setTimeout(() => setTold(doneId), DONE_MS);
    return () => clearTimeout(timer);
    // Once for each sign-in.
  }, [doneId]);
  if (link === undefined) return "idle";
  return link.progress === "success" && told === doneId ? "idle" : link.progress;
}
