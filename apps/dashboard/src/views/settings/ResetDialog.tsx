import { Dialog } from "../../components/dialog.tsx";
import { Table } from "../../components/table.tsx";
import { defaultText } from "./fields.ts";
import { savedFields, type SettingsForm } from "./form.ts";
import { count } from "../../format/count.ts";

interface ResetDialogProps {
  readonly form: SettingsForm;
  readonly onClose: () => void;
}

/** What a reset would change, before it does. */
export function ResetDialog({ form, onClose }: ResetDialogProps) {
  const { view } = form;
  const changed = savedFields(form.fields, view, view.settings);
  const reset = (): void => {
    form.reset();
    onClose();
  };
  return (
    <Dialog
      title="Reset to defaults?"
      cancel="Keep"
      submit={`Reset ${count(changed.length, "value")}`}
      onClose={onClose}
      onSubmit={reset}
    >
      {changed.length === 0 ? (
        <p>No value on this page was saved: all are defaults already.</p>
      ) : (
        <Table
          caption="What changes"
          class="back-list back"
          rows={changed}
          rowKey={({ key }) => key}
          columns={[
            { head: "Setting", cell: ({ key }) => key },
            { head: "Now", class: "t2", cell: (field) => field.text(view.settings) },
            { head: "Then", cell: defaultText },
          ]}
        />
      )}
      <p class="t2">
        Every saved setting goes back to its default. Accounts and sign-ins stay, and so do values from
        options and the environment.
      </p>
    </Dialog>
  );
}
