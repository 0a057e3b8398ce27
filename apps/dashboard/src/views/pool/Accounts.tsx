import type { AccountView } from "@open-multi-auth/domain";
import { Panel } from "../../components/panel.tsx";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useMemo, useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Button } from "../../components/button.tsx";
import { strategyName } from "../../format/percent.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { AccountRow } from "./AccountRow.tsx";
import { poolActions } from "./actions.ts";
import { BulkBar } from "./BulkBar.tsx";
import type { PoolDialog } from "./dialogs/dialogs.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { canServe } from "./model/headline.ts";
import { filtered, NO_FILTER } from "./model/order.ts";
import { isForced } from "./model/status.ts";

/** From so many accounts on rows take one line, and can be searched, ordered and selected. */
const DENSE = 9;
const ROOMY = 2;

interface AccountsProps {
  readonly state: StateView;
  readonly now: number;
  readonly onDialog: (dialog: PoolDialog) => void;
}

/** The accounts, one row each, in the density that their number asks for. */
export function Accounts({ state, now, onDialog }: AccountsProps) {
  const [filter, setFilter] = useState(NO_FILTER);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [menu, setMenu] = useState<{ readonly account: AccountView; readonly opener: HTMLElement }>();
  const count = state.accounts.length;
  const isDense = count >= DENSE;
  const shown = useMemo(
    () => filtered(state, isDense ? filter : NO_FILTER, now),
    [state, filter, isDense, now],
  );
  const picked = state.accounts.filter(({ alias }) => selected.has(alias));
  const density = isDense ? "dense" : count <= ROOMY ? "roomy" : "";
  const select = (alias: string, is: boolean): void => {
    const next = new Set(selected);
    if (is) next.add(alias);
    else next.delete(alias);
    setSelected(next);
  };
  return (
    <Panel
      id="acc-h"
      title="Accounts"
      class={`accounts ${density}`}
      sub={<Summary state={state} now={now} />}
      actions={
        <>
          {isDense && <FilterBar state={state} now={now} filter={filter} onChange={setFilter} />}
          <RefreshButton state={state} />
          <Button kind="primary" icon="plus" onClick={() => onDialog({ kind: "link" })}>
            Link account
          </Button>
        </>
      }
    >
      {isDense && (
        <BulkBar
          picked={picked}
          shown={shown}
          onSelect={(aliases) => setSelected(new Set(aliases))}
          onDialog={onDialog}
        />
      )}
      <div class="cols" aria-hidden="true">
        {isDense && <span />}
        <span>Account</span>
        <span>
          5-hour window<i>resets in</i>
        </span>
        <span>
          Weekly window<i>resets in</i>
        </span>
        <span>Reading</span>
        <span />
        <span>Enabled</span>
        <span />
      </div>
      {shown.length === 0 && (
        <p class="none-found">
          No account matches.{" "}
          <button type="button" class="lnk" onClick={() => setFilter(NO_FILTER)}>
            Show all {count}
          </button>
        </p>
      )}
      <ol>
        {shown.map((account) => (
          <AccountRow
            key={account.id}
            account={account}
            state={state}
            now={now}
            selection={
              isDense
                ? {
                    isSelected: selected.has(account.alias),
                    onSelect: (is) => select(account.alias, is),
                  }
                : undefined
            }
            onMenu={(target, opener) => setMenu({ account: target, opener })}
          />
        ))}
      </ol>
      {menu && <AccountMenu {...menu} onDialog={onDialog} onClose={() => setMenu(undefined)} />}
    </Panel>
  );
}

function Summary({ state, now }: { readonly state: StateView; readonly now: number }) {
  const ready = state.accounts.filter((account) => canServe(account, now)).length;
  return (
    <>
      {ready} of {state.accounts.length} ready
      {!isForced(state, now) && (
        <>
          ,{" "}
          <a class="lnk thin" href="#/settings">
            {strategyName(state.settings.settings.rotationStrategy)}
          </a>{" "}
          decides
        </>
      )}
    </>
  );
}

/** Reads the limits of all; while it does, how far it is and how to stop it. */
function RefreshButton({ state }: { readonly state: StateView }) {
  const actions = poolActions(useApp());
  const open = state.probes.queued.length + state.probes.running.length;
  const [most, setMost] = useState(0);
  if (open > most) setMost(open);
  if (open === 0 && most > 0) setMost(0);
  if (open === 0) {
    return (
      <Button icon="refresh" onClick={() => void actions.refreshLimits()}>
        Refresh limits
      </Button>
    );
  }
  return (
    <>
      <span class="progress" role="status">
        <span class="spin" /> Reading {Math.min(most, most - open + 1)} of {Math.max(most, open)}
      </span>
      <Button onClick={() => void actions.stopLimits()}>Stop</Button>
    </>
  );
}
