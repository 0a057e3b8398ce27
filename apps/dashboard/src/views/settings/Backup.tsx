import { useState } from "preact/hooks";
import { Button } from "../../components/button.tsx";
import { ExportDialog } from "./ExportDialog.tsx";
import { Group } from "./Group.tsx";
import { ImportDialog } from "./ImportDialog.tsx";

/** What goes out of this machine, what comes in, and the way back to the defaults. */
export function Backup({ onReset }: { readonly onReset: () => void }) {
  const [open, setOpen] = useState<"export" | "import">();
  const close = (): void => setOpen(undefined);
  return (
    <Group name="backup" title="Backup">
      <div class="panel bleed">
        <div class="line two-c">
          <div>
            <span class="lbl">Accounts and settings</span>
            <p>One encrypted file. It asks for a passphrase and shows what it would change before it does.</p>
          </div>
          <div class="row-b">
            <Button onClick={() => setOpen("export")}>Export</Button>
            <Button onClick={() => setOpen("import")}>Import</Button>
          </div>
        </div>
        <div class="line two-c">
          <div>
            <span class="lbl">Defaults</span>
            <p>Accounts and sign-ins stay.</p>
          </div>
          <div class="row-b">
            <Button onClick={onReset}>Reset to defaults</Button>
          </div>
        </div>
      </div>
      {open === "export" && <ExportDialog onClose={close} />}
      {open === "import" && <ImportDialog onClose={close} />}
    </Group>
  );
}
