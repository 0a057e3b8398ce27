import { globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** The repository is not told in the form that GitHub tells it in. */
export type RepositoryInvalid = Failure<"REPOSITORY_INVALID", { readonly fix: string }>;

/**
 * Writes into the manifest of every published package where its source is.
 *
 * Provenance is refused for a package that does not name the repository it was built in, and only the workflow knows
 * which one that is. The change is never committed.
 *
 * @param repository owner and name, as in `GITHUB_REPOSITORY`
 * @returns the names of the packages
 */
export function stampRepository(
  root: string,
  repository: string | undefined,
): Result<readonly string[], RepositoryInvalid> {
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    return err(
      failure("REPOSITORY_INVALID", "GITHUB_REPOSITORY does not name a repository.", {
        fix: "Set GITHUB_REPOSITORY to owner/name; GitHub's runners have it.",
      }),
    );
  const url = `git+https://github.com/${repository}.git`;
  const stamped = globSync("{packages,apps}/*/package.json", { cwd: root }).flatMap((path) => {
    const file = join(root, path);
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    if (manifest.private === true) return [];
    manifest.repository = { type: "git", url, directory: dirname(path) };
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    return [String(manifest.name)];
  });
  return ok(stamped);
}
