import type { AccountView } from "@open-multi-auth/domain";
import { useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Button } from "../../components/button.tsx";
import { Switch } from "../../components/switch.tsx";
import { poolActions } from "./actions.ts";
import type { PoolDialog } from "./dialogs/dialogs.tsx";

interface BulkBarProps {
  readonly picked: readonly AccountView[];
  readonly shown: readonly AccountView[];
  readonly onSelect: (aliases: readonly string[]) => void;
  readonly onDialog: (dialog: PoolDialog) => void;
}

/** What can be done to all selected accounts; one switch stands for all of theirs. */
export function BulkBar({ picked, shown, onSelect, onDialog }: BulkBarProps) {
  const actions = poolActions(useApp());
  const [isBusy, setBusy] = useState(false);
  const areAll = shown.length > 0 && shown.every((account) => picked.includes(account));
  const eachOf = async (run: (account: AccountView) => Promise<void>): Promise<void> => {
    setBusy(true);
    // One after the other: each answer is shown in its own row.
    for (const account of picked) await run(account);
    setBusy(false);
  };
  const enabled = picked.filter((account) => account.enabled).length;
  return (
    <div class="bulk">
      <input
        type="checkbox"
        class="ck"
        aria-label="Select all that are shown"
        checked={areAll}
        onChange={() => onSelect(areAll ? [] : shown.map(({ alias }) => alias))}
      />
      {picked.length === 0 ? (
        <span class="t2">Select accounts to change several at once</span>
      ) : (
        <>
          <b>{picked.length} selected</b>
          <Button kind="quiet" onClick={() => onSelect([])}>
            Clear
          </Button>
          <span class="r">
            <Button
              disabled={isBusy}
              onClick={() => void eachOf(({ alias }) => actions.refreshLimits(alias))}
            >
              Refresh limits
            </Button>
            <Button disabled={isBusy} onClick={() => void eachOf(({ alias }) => actions.renewToken(alias))}>
              Renew tokens
            </Button>
            <Button disabled={isBusy} onClick={() => onDialog({ kind: "tags", accounts: picked })}>
              Tags
            </Button>
            <span class="sw-w">
              Enabled
              <Switch
                label={`${picked.length} selected accounts enabled`}
                checked={enabled === picked.length ? true : enabled === 0 ? false : "mixed"}
                updating={isBusy}
                onToggle={(to) =>
                  void eachOf(async (account) => {
                    if (account.enabled !== to) await actions.setEnabled(account.alias, to);
                  })
                }
              />
            </span>
          </span>
        </>
      )}
    </div>
  );
}
