import type { AccountView } from "@open-multi-auth/domain";
import { useId, useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { Dialog, useTask } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
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
  const [done, setDone] = useState<readonly string[]>([]);
  const id = useId();
  const saving = useTask(async () => {
    // Of one account only what was changed here: the rest may have been changed elsewhere meanwhile.
    const patch = {
      ...((!single || tags !== before) && { tags: split(tags) }),
      ...(single && notes !== (single.notes ?? "") && { notes }),
    };
    for (const [index, { alias }] of accounts.entries()) {
      const refused = await actions.patch(alias, patch);
      if (refused) {
        setDone(accounts.slice(0, index).map((changed) => changed.alias));
        return refused;
      }
    }
    onClose();
    return undefined;
  });
  return (
    <Dialog
      {...saving}
      title={single ? `Tags and notes of ${single.alias}` : `Tags of ${accounts.length} accounts`}
      submit="Save"
      {...(done.length > 0 && { unchanged: `Changed: ${done.join(", ")}.` })}
      onClose={onClose}
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
