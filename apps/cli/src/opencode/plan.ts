import { failure, type Failure } from "@open-multi-auth/domain";
import { ok, Result } from "neverthrow";
import { dirname } from "node:path";
import type { FileChange } from "../files/change-file.ts";
import type { ConfigSite } from "./config-files.ts";
import { inspect, withoutPlugin, withPlugin, type ConfigProblem, type IsOurs } from "./edit-config.ts";
import { journalEntry, original, type JournalEntry } from "./journal.ts";

/** A configuration file, read. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string | null;
}

/** OpenCode could not read the file either; nothing was written. */
export type ConfigInvalid = Failure<"CONFIG_INVALID", { path: string; line?: number; fix: string }>;

/** What is to be written, and what the journal says after it. */
export interface Plan {
  readonly changes: readonly FileChange[];
  readonly journal: readonly JournalEntry[];
}

interface Known {
  readonly isOurs: (folder: string) => IsOurs;
  readonly journal: readonly JournalEntry[];
}

/** What a file that we create holds: what OpenCode itself would begin it with. */
const EMPTY = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n';

/** How the plugin gets into the list that counts at a site, and an older entry out of the site's other files. */
export function planInstall(
  site: ConfigSite,
  files: readonly ConfigFile[],
  spec: string,
  known: Known,
): Result<Plan, ConfigInvalid> {
  return chooseFile(site, files, known).andThen((target) => {
    const others = files.filter(({ path }) => path !== target.path);
    return planRemoval(others, known).andThen((removal) =>
      addTo(target, spec, { ...known, journal: removal.journal }).map(({ change, journal }) => ({
        changes: [...removal.changes, ...(change.before === change.after ? [] : [change])],
        journal,
      })),
    );
  });
}

/** How every entry of ours gets out of these files; a file that nobody touched since is put back byte for byte. */
export function planRemoval(files: readonly ConfigFile[], known: Known): Result<Plan, ConfigInvalid> {
  const present = files.filter((file): file is ConfigFile & { text: string } => file.text !== null);
  return Result.combine(
    present.map(({ path, text }) =>
      removed({ path, text }, known).map((after): FileChange => ({ path, before: text, after })),
    ),
  ).map((changes) => ({
    changes: changes.filter(({ before, after }) => before !== after),
    journal: known.journal.filter((entry) => !files.some(({ path }) => path === entry.path)),
  }));
}

/** The strongest file with a list; without one the first that is there; else the one to create. */
function chooseFile(
  { create }: ConfigSite,
  files: readonly ConfigFile[],
  { isOurs }: Known,
): Result<ConfigFile, ConfigInvalid> {
  const present = files.filter(({ text }) => text !== null);
  return Result.combine(
    present.map(({ path, text }) =>
      inspect(text ?? "", isOurs(dirname(path)))
        .map(({ hasList }) => hasList)
        .mapErr((problem) => invalid(path, problem)),
    ),
  ).map((lists) => present[lists.indexOf(true)] ?? present[0] ?? { path: create, text: null });
}

function addTo(
  { path, text }: ConfigFile,
  spec: string,
  { isOurs, journal }: Known,
): Result<{ change: FileChange; journal: JournalEntry[] }, ConfigInvalid> {
  const former = journal.find((entry) => entry.path === path);
  const base = text === null ? ok(null) : removed({ path, text }, { isOurs, journal });
  return base.andThen((before) =>
    withPlugin(text ?? EMPTY, spec, isOurs(dirname(path)))
      .mapErr((problem) => invalid(path, problem))
      .map((added) => {
        const addedList = added.addedList || former?.addedList === true;
        const entry = journalEntry({ path, spec, addedList }, before, added.text);
        const kept = former?.madeFolder !== undefined && { madeFolder: former.madeFolder };
        const others = journal.filter((other) => other.path !== path);
        return {
          change: { path, before: text, after: added.text },
          journal: [...others, { ...entry, ...kept }],
        };
      }),
  );
}

/** The file without us: as it was before, if the journal knows it; else with our entry taken out. */
function removed(
  { path, text }: { path: string; text: string },
  { isOurs, journal }: Known,
): Result<string | null, ConfigInvalid> {
  const entry = journal.find((candidate) => candidate.path === path);
  const before = entry && original(entry, text);
  if (before) return ok(before.text);
  const ours = isOurs(dirname(path));
  return withoutPlugin(text, ours, entry?.addedList === true)
    .map((rest) => (entry?.created === true && rest === EMPTY ? null : rest))
    .mapErr((problem) => invalid(path, problem));
}

function invalid(path: string, { line, problem }: ConfigProblem): ConfigInvalid {
  const fix = `repair line ${line} of ${path}, then run this again; nothing was changed`;
  return failure("CONFIG_INVALID", `${path}, line ${line}: ${problem}`, { path, line, fix });
}
