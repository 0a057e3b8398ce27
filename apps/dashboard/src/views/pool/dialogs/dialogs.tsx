import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { LinkDialog } from "./LinkDialog.tsx";
import { RemoveDialog } from "./RemoveDialog.tsx";
import { RenameDialog } from "./RenameDialog.tsx";
import { TagsDialog } from "./TagsDialog.tsx";
import { WeightDialog } from "./WeightDialog.tsx";

/** Which dialog is open, and for whom. */
export type PoolDialog =
  | { readonly kind: "link"; readonly method?: "browser" | "device" }
  | { readonly kind: "rename" | "weight" | "remove"; readonly account: AccountView }
  | { readonly kind: "tags"; readonly accounts: readonly AccountView[] };

interface PoolDialogsProps {
  readonly dialog: PoolDialog;
  readonly state: StateView;
  readonly onClose: () => void;
}

/** The open dialog. */
export function PoolDialogs({ dialog, state, onClose }: PoolDialogsProps) {
  // What is being changed stays as it was when the dialog opened; a new name of the account is followed.
  const named = (account: AccountView): AccountView => ({
    ...account,
    alias: state.accounts.find(({ id }) => id === account.id)?.alias ?? account.alias,
  });
  switch (dialog.kind) {
    case "link":
      return <LinkDialog method={dialog.method ?? "browser"} state={state} onClose={onClose} />;
    case "rename":
      return <RenameDialog account={named(dialog.account)} onClose={onClose} />;
    case "weight":
      return <WeightDialog account={named(dialog.account)} state={state} onClose={onClose} />;
    case "tags":
      return <TagsDialog accounts={dialog.accounts.map(named)} onClose={onClose} />;
    case "remove":
      return <RemoveDialog account={named(dialog.account)} state={state} onClose={onClose} />;
    default:
      return dialog satisfies never;
  }
}
