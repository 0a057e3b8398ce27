import type { AccountView } from "@open-multi-auth/domain";
import { useState } from "preact/hooks";
import { Field } from "../../../components/field.tsx";
import { EditDialog } from "./EditDialog.tsx";

/** Another alias for an account. */
export function RenameDialog({
  account,
  onClose,
}: {
  readonly account: AccountView;
  readonly onClose: () => void;
}) {
  const [first] = useState(account.alias);
  const [alias, setAlias] = useState(first);
  return (
    <EditDialog
      title={`Rename ${account.alias}`}
      account={account}
      patch={{ alias }}
      isChanged={alias !== first && alias !== ""}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label="Alias"
          hint="Your short name for it. Letters, digits, dot, dash, underscore."
          value={alias}
          maxLength={64}
          error={errorOf("alias")}
          onValue={setAlias}
        />
      )}
    </EditDialog>
  );
}
