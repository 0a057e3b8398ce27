import { Button } from "../../components/button.tsx";
import { Glyph } from "../../components/glyph.tsx";
import type { SettingsForm } from "./form.ts";
import { count } from "../../format/count.ts";

/** Appears with the first change: how many there are, and whether all can be saved. */
export function SaveBar({ form }: { readonly form: SettingsForm }) {
  const { changed, problems, isSaving } = form;
  const wrong = Object.keys(problems).length;
  if (changed.length === 0) return null;
  return (
    <div class="save" role="region" aria-label="Unsaved changes">
      <Glyph name={wrong > 0 ? "err" : "saved"} />
      <span role="status">
        <b>{count(changed.length, "change")}</b>
        {wrong > 0 && `, ${wrong} to correct. Nothing is saved until ${wrong === 1 ? "it is" : "all are"}.`}
      </span>
      <span class="r">
        <Button onClick={form.discard} disabled={isSaving}>
          Discard
        </Button>
        <Button kind="primary" submit busy={isSaving} disabled={wrong > 0}>
          Save
        </Button>
      </span>
    </div>
  );
}
