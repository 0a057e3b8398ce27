import type { AccountView } from "@open-multi-auth/domain";
import type { FailureView } from "@open-multi-auth/loopback-api/client";
import { useId, useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { Note } from "../../../components/note.tsx";
import { poolActions } from "../actions.ts";

interface TagsDialogProps {
  readonly accounts: readonly AccountView[];
  readonly onClose: () => void;
}

/** Tags and notes of one account, or the tags of several. */
export function TagsDialog({ accounts, onClose }: TagsDialogProps) {
  const actions = poolActions(useApp());
  const [one] = accounts;
  const single = accounts.length === 1 ? one : undefined;
  const [before] = useState(() => common(accounts).join(", "));
  const [tags, setTags] = useState(before);
  const [notes, setNotes] = useState(single?.notes ?? "");
  const [error, setError] = useState<FailureView>();
  const [done, setDone] = useState<readonly string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  const save = async (): Promise<void> => {
    setBusy(true);
    // Of one account only what was changed here: the rest may have been changed elsewhere meanwhile.
    const patch = {
      ...((!single || tags !== before) && { tags: split(tags) }),
      ...(single && notes !== (single.notes ?? "") && { notes }),
    };
    for (const [index, { alias }] of accounts.entries()) {
      const refused = await actions.patch(alias, patch);
      if (refused) {
        setBusy(false);
        setError(refused);
        setDone(accounts.slice(0, index).map((changed) => changed.alias));
        return;
      }
    }
    onClose();
  };
  return (
    <Dialog
      title={single ? `Tags and notes of ${single.alias}` : `Tags of ${accounts.length} accounts`}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" submit busy={isBusy}>
            Save
          </Button>
        </>
      }
    >
      <Field
        label="Tags"
        hint={
          single
            ? "Separated by commas."
            : "Separated by commas. They replace the tags that the accounts have."
        }
        value={tags}
        onValue={setTags}
      />
      {single && (
        <div>
          <label class="lab" for={id}>
            Notes
          </label>
          <textarea
            class="field notes"
            id={id}
            rows={3}
            value={notes}
            onInput={(event) => setNotes(event.currentTarget.value)}
          />
        </div>
      )}
      {error && (
        <Note kind="problem" code={error.code}>
          <b>{done.length === 0 ? "Nothing changed." : `Changed: ${done.join(", ")}.`}</b> {error.message}
        </Note>
      )}
    </Dialog>
  );
}

const split = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** The tags that all of them have. */
const common = (accounts: readonly AccountView[]): readonly string[] =>
  (accounts[0]?.tags ?? []).filter((tag) => accounts.every(({ tags }) => tags.includes(tag)));
