import { useState } from "preact/hooks";
import { downloadBackup } from "../../api/download-backup.ts";
import { useApp } from "../../app/context.ts";
import { Dialog, useTask } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";

/** Asks for the passphrase that the backup is encrypted with, twice, since nobody can open it without. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { call, now, toasts } = useApp();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const isDifferent = again !== "" && passphrase !== again;
  const exporting = useTask(async () => {
    const name = `open-multi-auth-${new Date(now.value).toISOString().slice(0, 10)}.backup.json`;
    const done = await downloadBackup(call, passphrase, name);
    if (!done.ok) return done.error;
    const text = "Each sign-in is renewed as it is used, which uses up the copy in the backup.";
    toasts.show({ kind: "done", title: `Downloaded ${name}`, text });
    onClose();
    return undefined;
  });
  return (
    <Dialog
      {...exporting}
      title="Export accounts and settings"
      submit="Download"
      isDisabled={passphrase === "" || passphrase !== again}
      unchanged="Nothing was exported."
      onClose={onClose}
    >
      <p>The file holds every sign-in. Whoever has it and the passphrase can use your accounts.</p>
      <Field label="Passphrase" type="password" value={passphrase} onValue={setPassphrase} />
      <Field
        label="Once more"
        type="password"
        value={again}
        onValue={setAgain}
        error={isDifferent ? "This differs from the first" : undefined}
      />
    </Dialog>
  );
}
