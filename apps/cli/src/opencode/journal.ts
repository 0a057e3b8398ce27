import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";
import { changeFile, type ChangeError } from "../files/change-file.ts";
import { readTextIfThere } from "../files/read-text.ts";
import { spliceBetween, digest, revertSplice } from "../files/splice.ts";

const entrySchema = z.object({
  path: z.string(),
  spec: z.string(),
  /** There was no such file before. */
  created: z.boolean(),
  /** The topmost folder that was made for it. */
  madeFolder: z.string().optional(),
  /** There was no `plugin` list before. */
  addedList: z.boolean(),
  /** Digest of the file as we left it: only then is the replacement the whole difference. */
  after: z.string(),
  splice: z.object({ offset: z.number(), removed: z.string(), inserted: z.string() }),
});

/** What installing did to one configuration file, so that uninstalling can take exactly that back. */
export type JournalEntry = z.infer<typeof entrySchema>;

const journalSchema = z.object({ files: z.array(entrySchema) });

/** The journal beside the store. One that cannot be read counts as empty: uninstalling then goes by the entry. */
export async function readJournal(folder: string): Promise<readonly JournalEntry[]> {
  try {
    const text = await readTextIfThere(fileIn(folder));
    return text === null ? [] : journalSchema.parse(JSON.parse(text)).files;
  } catch {
    return [];
  }
}

/** Writes the journal; an empty one is no file. */
export async function writeJournal(
  folder: string,
  files: readonly JournalEntry[],
): Promise<Result<void, ChangeError>> {
  const path = fileIn(folder);
  if (files.length === 0) {
    await rm(path, { force: true });
    return ok();
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const before = await readTextIfThere(path).catch(async () => {
    await rm(path);
    return null;
  });
  const after = `${JSON.stringify({ files }, null, 2)}\n`;
  const written = await changeFile({ path, before, after, mode: 0o600 });
  return written.isErr() ? err(written.error) : ok();
}

/** The file as it was before installing, if nobody has changed it since; null stands for no file. */
export function original(entry: JournalEntry, current: string): { text: string | null } | undefined {
  if (digest(current) !== entry.after) return undefined;
  return { text: entry.created ? null : revertSplice(current, entry.splice) };
}

/** Remembers a change. */
export function journalEntry(
  facts: Pick<JournalEntry, "path" | "spec" | "addedList">,
  before: string | null,
  after: string,
): JournalEntry {
  return {
    ...facts,
    created: before === null,
    after: digest(after),
    splice: spliceBetween(before ?? "", after),
  };
}

const fileIn = (folder: string): string => join(folder, "opencode-install.json");
