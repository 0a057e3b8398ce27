import type { AccountView } from "@open-multi-auth/domain";
import type { FailureView, StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Note } from "../../../components/note.tsx";
import { poolActions } from "../actions.ts";

interface RemoveDialogProps {
  readonly account: AccountView;
  readonly state: StateView;
  readonly onClose: () => void;
}

/** Removing cannot be undone, so it is asked. */
export function RemoveDialog({ account, state, onClose }: RemoveDialogProps) {
  const actions = poolActions(useApp());
  const { alias } = account;
  const [error, setError] = useState<FailureView>();
  const [isBusy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    const refused = await actions.remove(alias);
    setBusy(false);
    if (refused) setError(refused);
    else onClose();
  };
  return (
    <Dialog
      title={`Remove ${alias}?`}
      onClose={onClose}
      onSubmit={() => void remove()}
      footer={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button kind="danger" submit busy={isBusy}>
            Remove {alias}
          </Button>
        </>
      }
    >
      <p>
        Its sign-in, tags, notes and history are deleted here. The ChatGPT account itself is not touched, and
        the login stays where other tools keep it.
      </p>
      {consequence(account, state) !== undefined && <p>{consequence(account, state)}</p>}
      {error && (
        <Note kind="problem" code={error.code}>
          <b>Nothing changed.</b> {error.message}
        </Note>
      )}
    </Dialog>
  );
}

function consequence({ alias, enabled, active }: AccountView, state: StateView): string | undefined {
  const others = state.accounts.filter((one) => one.enabled && one.alias !== alias).length;
  if (enabled && others === 0) return "No enabled account is left then: requests are refused until one is.";
  if (state.force.active && state.force.alias === alias) return "It is forced; the force ends with it.";
  if (active) return "The Codex CLI is signed in as this account; it stays so until you switch.";
  return undefined;
}
