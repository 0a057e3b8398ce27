import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file of an earlier plugin that holds secrets and that nothing of ours needs. */
export interface Leftover {
  readonly path: string;
  readonly kind:
    | "backup"
    | "last-known-good"
    | "temporary"
    | "credentials"
    | "probe-home"
    | "store"
    | "earlier-copy";
}

/** Where earlier plugins keep their stores on this machine. */
export interface EarlierPlaces {
  readonly home: string;
  /** The earlier plugins' stores, those that are used among them. */
  readonly stores: readonly string[];
  /** Our own store, beside which a migration may have left a copy. */
  readonly own: string;
  /** The file of passwords for automated sign-ins, where it is not in its usual place. */
  readonly credentials?: string | undefined;
}

/**
 * Finds what earlier plugins left behind that holds secrets: copies of their stores, files of interrupted writes,
 * passwords, homes of their probes. They are named, never touched.
 */
export async function findLeftovers({ home, stores, own, credentials }: EarlierPlaces): Promise<Leftover[]> {
  const besides = await Promise.all([
    ...stores.map((store) => beside(store, kindOf)),
    beside(own, ownKindOf),
  ]);
  const passwords = [
    join(home, ".config", "opencode-multi-auth", "credentials.json"),
    ...(credentials ? [credentials] : []),
  ];
  return [
    ...(await existing(stores, "store")),
    ...besides.flat(),
    ...(await existing([...new Set(passwords)], "credentials")),
    ...(await existing(await probeHomes(join(home, ".codex-multi")), "probe-home")),
  ];
}

type KindOf = (suffix: string) => Leftover["kind"] | undefined;

async function beside(store: string, kindOfSuffix: KindOf): Promise<Leftover[]> {
  const folder = dirname(store);
  const name = basename(store);
  const names = await readdir(folder).catch((): string[] => []);
  return names.toSorted().flatMap((entry): Leftover[] => {
    const kind = entry.startsWith(name) ? kindOfSuffix(entry.slice(name.length)) : undefined;
    return kind === undefined ? [] : [{ path: join(folder, entry), kind }];
  });
}

/** Our own temporary files have another form, and are swept. */
function kindOf(suffix: string): Leftover["kind"] | undefined {
  if (/^\.bak(\.|-|$)/.test(suffix)) return "backup";
  if (suffix === ".lkg") return "last-known-good";
  return /^\.(tmp-\d+-\d+|.*\.tmp)$/.test(suffix) ? "temporary" : undefined;
}

const ownKindOf: KindOf = (suffix) =>
  /^\.(v1|baseline-v2|account-list|labelled-list)(-\d+)?$/.test(suffix) ? "earlier-copy" : undefined;

async function probeHomes(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.toSorted().map((name) => join(folder, name, "auth.json"));
}

async function existing(paths: readonly string[], kind: Leftover["kind"]): Promise<Leftover[]> {
  const there = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => there[index]).map((path) => ({ path, kind }));
}
