import type { FailureView, Imported } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Dialog } from "../../components/dialog.tsx";
import { ImportPreview } from "./ImportPreview.tsx";
import { changesNothing } from "./import-words.ts";
import { Field } from "../../components/field.tsx";

const PASSPHRASE_CODES = new Set(["PASSPHRASE_NEEDED", "PASSPHRASE_WRONG"]);

/** Adds the accounts of a backup: first it shows what that would do. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { call, reload, toasts } = useApp();
  const [backup, setBackup] = useState<string>();
  const [passphrase, setPassphrase] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [overwrite, setOverwrite] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureView>();
  const [preview, setPreview] = useState<Imported>();

  const ask = async (dryRun: boolean, replace = overwrite): Promise<void> => {
    if (backup === undefined || isBusy) return;
    setBusy(true);
    const body = { backup, dryRun, overwrite: replace, ...(passphrase !== "" && { passphrase }) };
    const answer = await call("POST /api/import", { body });
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.error);
    if (!answer.ok) setAsked(isAsked || PASSPHRASE_CODES.has(answer.error.code));
    else if (dryRun) setPreview(answer.value);
    else {
      await reload();
      toasts.show({ kind: "done", title: "Imported" });
      onClose();
    }
  };
  const takeFile = async (file: File | undefined): Promise<void> => {
    setPreview(undefined);
    setFailure(undefined);
    setBackup(file && (await file.text()));
  };
  const isReady = preview !== undefined && !changesNothing(preview);
  const isWrong = failure?.code === "PASSPHRASE_WRONG";

  return (
    <Dialog
      title="Import a backup"
      submit={isReady ? "Import" : "Preview"}
      isBusy={isBusy}
      isDisabled={backup === undefined}
      error={failure && PASSPHRASE_CODES.has(failure.code) ? undefined : failure}
      onClose={onClose}
      onSubmit={() => void ask(!isReady)}
    >
      <div>
        <label class="lab" for="backup-file">
          Backup file
        </label>
        <input
          id="backup-file"
          class="file"
          type="file"
          accept=".json,application/json"
          onChange={(event) => void takeFile(event.currentTarget.files?.[0])}
        />
      </div>
      {isAsked && (
        <Field
          label="Passphrase of the backup"
          type="password"
          value={passphrase}
          onValue={setPassphrase}
          error={isWrong ? "This does not open it" : undefined}
        />
      )}
      {preview && (
        <ImportPreview
          preview={preview}
          overwrite={overwrite}
          onOverwrite={(wanted) => {
            setOverwrite(wanted);
            void ask(true, wanted);
          }}
        />
      )}
    </Dialog>
  );
}
