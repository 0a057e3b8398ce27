import { err, type Result } from "neverthrow";
import { changeFile, removeMadeFolders, type ChangeError } from "../files/change-file.ts";
import { readJournal, writeJournal, type JournalEntry } from "./journal.ts";
import type { Plan } from "./plan.ts";

/**
 * Writes a plan's files, then the journal: without its journal an edit can still be taken back, by its entry.
 *
 * @param folder where the journal lies
 */
export async function applyPlan(
  { changes, journal }: Plan,
  folder: string,
): Promise<Result<void, ChangeError>> {
  const former = await readJournal(folder);
  const made = new Map<string, string>();
  for (const change of changes) {
    const changed = await changeFile(change);
    if (changed.isErr()) return err(changed.error);
    if (changed.value !== undefined) made.set(change.path, changed.value);
    const madeBefore = former.find(({ path }) => path === change.path)?.madeFolder;
    if (change.after === null && madeBefore !== undefined) await removeMadeFolders(change.path, madeBefore);
  }
  return writeJournal(
    folder,
    journal.map((entry): JournalEntry => {
      const madeFolder = made.get(entry.path);
      return madeFolder === undefined ? entry : { ...entry, madeFolder };
    }),
  );
}
