import type { AccountView } from "@open-multi-auth/domain";
import { useApp } from "../../app/context.ts";
import { Menu } from "../../components/menu.tsx";
import { poolActions } from "./actions.ts";
import type { PoolDialog } from "./dialogs/dialogs.tsx";

interface AccountMenuProps {
  readonly account: AccountView;
  readonly opener: HTMLElement;
  readonly onDialog: (dialog: PoolDialog) => void;
  readonly onClose: () => void;
}

/** What is done now and then. Disabling is not here: the switch is its only place. */
export function AccountMenu({ account, opener, onDialog, onClose }: AccountMenuProps) {
  const actions = poolActions(useApp());
  const { alias, enabled, active } = account;
  return (
    <Menu
      label={`Actions for ${alias}`}
      opener={opener}
      onClose={onClose}
      items={[
        { label: "Rename", onSelect: () => onDialog({ kind: "rename", account }) },
        { label: "Tags and notes", onSelect: () => onDialog({ kind: "tags", accounts: [account] }) },
        { label: "Weight and reserve", onSelect: () => onDialog({ kind: "weight", account }) },
        null,
        ...(active
          ? []
          : [{ label: "Use in the Codex CLI", onSelect: () => void actions.useInCodex(alias) }]),
        ...(enabled
          ? [
              { label: "Refresh limits", onSelect: () => void actions.refreshLimits(alias) },
              { label: "Renew token", onSelect: () => void actions.renewToken(alias) },
              {
                label: "Sign in again with a code",
                onSelect: () => void actions.reauth(alias, { method: "device" }),
              },
            ]
          : []),
        null,
        { label: "Remove", isDangerous: true, onSelect: () => onDialog({ kind: "remove", account }) },
      ]}
    />
  );
}
