import type { Imported } from "@open-multi-auth/loopback-api/client";
import { Table } from "../../components/table.tsx";
import { changesNothing, importRows } from "./import-words.ts";

interface ImportPreviewProps {
  readonly preview: Imported;
  readonly overwrite: boolean;
  readonly onOverwrite: (wanted: boolean) => void;
}

/** What an import would do, account by account: nothing was changed yet. */
export function ImportPreview({ preview, overwrite, onOverwrite }: ImportPreviewProps) {
  const rows = importRows(preview);
  return (
    <div aria-live="polite">
      <p>
        {changesNothing(preview)
          ? "Nothing would change: all of it is here."
          : "Nothing is changed yet. It would do this:"}
      </p>
      {rows.length > 0 && (
        <Table
          caption="What the import would do"
          class="back-list"
          rows={rows}
          rowKey={({ what, how }) => `${what} ${how}`}
          rowClass={({ isChange }) => (isChange ? undefined : "no")}
          columns={[{ cell: ({ what }) => what }, { class: "t2", cell: ({ how }) => how }]}
        />
      )}
      {(overwrite || preview.kept.length > 0) && (
        <label class="check">
          <input
            type="checkbox"
            checked={overwrite}
            onChange={(event) => onOverwrite(event.currentTarget.checked)}
          />
          <span>
            Replace names, tags, notes and settings that differ. The newer sign-in stays either way.
          </span>
        </label>
      )}
    </div>
  );
}
