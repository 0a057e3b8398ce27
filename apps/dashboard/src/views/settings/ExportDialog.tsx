import type { FailureView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { downloadBackup } from "../../api/download-backup.ts";
import { useApp } from "../../app/context.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Note } from "../../components/note.tsx";
import { Field } from "../../components/field.tsx";

/** Asks for the passphrase that the backup is encrypted with, twice, since nobody can open it without. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { call, now, toasts } = useApp();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureView>();
  const isDifferent = again !== "" && passphrase !== again;
  const download = async (): Promise<void> => {
    setBusy(true);
    const name = `open-multi-auth-${new Date(now.value).toISOString().slice(0, 10)}.backup.json`;
    const done = await downloadBackup(call, passphrase, name);
    setBusy(false);
    if (!done.ok) {
      setFailure(done.error);
      return;
    }
    const text = "Each sign-in is renewed as it is used, which uses up the copy in the backup.";
    toasts.show({ kind: "done", title: `Downloaded ${name}`, text });
    onClose();
  };
  return (
    <Dialog
      title="Export accounts and settings"
      onClose={onClose}
      onSubmit={() => {
        if (passphrase !== "" && passphrase === again && !isBusy) void download();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" submit busy={isBusy} disabled={passphrase === "" || passphrase !== again}>
            Download
          </Button>
        </>
      }
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
      {failure && (
        <Note kind="problem" code={failure.code}>
          Nothing was exported: {failure.message}.
        </Note>
      )}
    </Dialog>
  );
}
