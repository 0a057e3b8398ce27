import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { defaultText } from "./fields.ts";
import { savedFields, type SettingsForm } from "./form.ts";

interface ResetDialogProps {
  readonly form: SettingsForm;
  readonly onClose: () => void;
}

/** What a reset would change, before it does. */
export function ResetDialog({ form, onClose }: ResetDialogProps) {
  const { view } = form;
  const changed = savedFields(form.fields, view, view.settings);
  const count = changed.length === 1 ? "1 value" : `${changed.length} values`;
  const reset = (): void => {
    form.reset();
    onClose();
  };
  return (
    <Dialog
      title="Reset to defaults?"
      onClose={onClose}
      onSubmit={reset}
      footer={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button kind="primary" submit>
            Reset {count}
          </Button>
        </>
      }
    >
      {changed.length === 0 ? (
        <p>No value on this page was saved: all are defaults already.</p>
      ) : (
        <div class="scroll back-list">
          <table class="tbl back">
            <caption class="vh">What changes</caption>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((field) => (
                <tr key={field.key}>
                  <td>{field.key}</td>
                  <td class="t2">{field.text(view.settings)}</td>
                  <td>{defaultText(field)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="t2">
        Every saved setting goes back to its default. Accounts and sign-ins stay, and so do values from
        options and the environment.
      </p>
    </Dialog>
  );
}
