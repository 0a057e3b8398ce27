import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ENVIRONMENT_PREFIX, failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** npm could not fetch the version; nothing was changed. */
export type VersionUnavailable = Failure<"VERSION_UNAVAILABLE", { version: string; fix: string }>;

const NAME = "open-multi-auth";
const PATIENCE_MS = 180_000;
/** What npm takes for one exact version. */
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** Fetches a version of this program through the person's npm, into a folder of its own. @returns its program */
export async function fetchVersion(
  version: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<string, VersionUnavailable>> {
  if (!VERSION.test(version)) return err(unavailable(version, "it is not of the form 1.2.3"));
  const prefix = join(folder, "versions", version);
  const program = join(prefix, "node_modules", NAME, "dist", "oma.js");
  if (existsSync(program)) return ok(program);
  try {
    await mkdir(prefix, { recursive: true, mode: 0o700 });
    const args = [
      "install",
      "--prefix",
      prefix,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const shell = process.platform === "win32";
    await promisify(execFile)("npm", [...args, `${NAME}@${version}`], {
      env: withoutOurs(env),
      timeout: PATIENCE_MS,
      shell,
    });
  } catch (thrown) {
    return err(unavailable(version, whyOf(thrown)));
  }
  return existsSync(program) ? ok(program) : err(unavailable(version, "npm put no program there"));
}

/** What npm says beside its codes and hints; it needs none of our secrets to say it. */
function whyOf(thrown: unknown): string {
  const said = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr) : "";
  const reasons = said
    .split("\n")
    .flatMap(
      (line) => /^npm error (?!code|errno|syscall|A complete|If you)(?:\d+ )?(.+)/.exec(line)?.[1] ?? [],
    );
  return reasons[0] ?? messageOf(thrown).split("\n", 1).join("");
}

const withoutOurs = (env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(ENVIRONMENT_PREFIX)));

function unavailable(version: string, why: string): VersionUnavailable {
  const fix = `see \`npm view ${NAME} versions\`; nothing was changed`;
  return failure("VERSION_UNAVAILABLE", `version ${version} cannot be fetched: ${why}`, { version, fix });
}
