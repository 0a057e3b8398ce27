import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useApp } from "../../../app/context.ts";
import { Dialog, useTask } from "../../../components/dialog.tsx";
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
  const removing = useTask(async () => {
    const refused = await actions.remove(alias);
    if (!refused) onClose();
    return refused;
  });
  return (
    <Dialog
      {...removing}
      title={`Remove ${alias}?`}
      cancel="Keep"
      submit={`Remove ${alias}`}
      isDangerous
      onClose={onClose}
    >
      <p>
        Its sign-in, tags, notes and history are deleted here. The ChatGPT account itself is not touched, and
        the login stays where other tools keep it.
      </p>
      {consequence(account, state) !== undefined && <p>{consequence(account, state)}</p>}
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
