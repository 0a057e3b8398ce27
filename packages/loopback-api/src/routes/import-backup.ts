import { route } from "../route.ts";
import { importedSchema, importRequestSchema } from "../schemas/backup.ts";

export const importBackup = route({
  method: "POST",
  path: "/api/import",
  summary: "Add the accounts of a backup, or say what that would do; all of it or nothing",
  body: importRequestSchema,
  maxBytes: 32_000_000,
  answer: importedSchema,
  errors: [
    "PASSPHRASE_NEEDED",
    "PASSPHRASE_WRONG",
    "BACKUP_FOREIGN",
    "BACKUP_DAMAGED",
    "BACKUP_INVALID",
    "BACKUP_UNSUPPORTED",
  ],
  handle: ({ body, actor }, { ports }) => ports.changes(actor).importBackup(body),
});
