import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { accountsOf, metricsOf, type EpochMs, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { ok, safeTry, type ResultAsync } from "neverthrow";
import type { Observed } from "./judge.ts";

const MOST_ENTRIES = 100_000;

/** What the pool's own records say of the time since a stage began. */
export function observe(
  pool: Pool,
  since: EpochMs | number,
  accounts: readonly string[],
): ResultAsync<Observed, Failure> {
  return safeTry(async function* () {
    yield* pool.flush();
    const records = yield* pool.decisions.read(MOST_ENTRIES);
    const incidents = yield* pool.incidents.read(MOST_ENTRIES);
    const audit = yield* pool.audit.read(MOST_ENTRIES);
    const removed = audit.some(({ action, at }) => at >= since && REMOVING.has(action));
    const there = new Set<string>(accountsOf(pool.state()).map(({ id }) => id));
    return ok({
      metrics: metricsOf(records.filter(({ at }) => at > since)),
      exceptions: incidents
        .filter(({ at, code }) => at >= since && code === "INTERNAL_ERROR")
        .map(({ message }) => message),
      lostAccounts: removed ? [] : accounts.filter((id) => !there.has(id)),
      leaks: await leaks(pool),
    });
  });
}

/** What takes accounts away because a person wants it. */
const REMOVING: ReadonlySet<string> = new Set(["account.remove", "backup.import", "backup.restore"]);

/** The names of our own files, outside the store, in which a token stands. */
async function leaks(pool: Pool): Promise<string[]> {
  const { paths } = pool;
  const tokens = accountsOf(pool.state()).flatMap(({ accessToken, refreshToken }) =>
    [accessToken, refreshToken].filter((token) => token.length > 8),
  );
  const logs = [paths.decisions, paths.activity, join(paths.folder, "audit")];
  const found = await Promise.all(logs.map((folder) => filesIn(folder)));
  const files = [...found.flat(), join(paths.folder, "audit.jsonl")];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return files
    .filter((_, index) => tokens.some((token) => texts[index]?.includes(token) === true))
    .map((file) => relative(paths.folder, file));
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}
