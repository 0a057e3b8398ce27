import { spawnSync } from "node:child_process";
import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { ROOT } from "../pack.ts";

/** The history has no such commit. */
export type OlderUnknown = Failure<"OLDER_UNKNOWN", { readonly fix: string }>;

/** Goes before the first release, which has none before it: what stood before the gateway, promotion and the dashboard. */
const BEFORE_THE_FIRST = "e56419ee13d71f86236bcfd54327609edbef7dcf";

/**
 * The commit of the release before what stands here.
 *
 * @param asked a commit or tag that is wanted instead
 */
export function olderRelease(asked: string | undefined): Result<string, OlderUnknown> {
  const wanted =
    asked ??
    (git("describe", "--tags", "--abbrev=0", "--match=open-multi-auth@*", "HEAD^") || BEFORE_THE_FIRST);
  const commit = git("rev-parse", "--verify", "--quiet", `${wanted}^{commit}`);
  if (commit !== "") return ok(commit);
  return err(
    failure("OLDER_UNKNOWN", `The history here has no ${wanted}.`, {
      fix: "Get the whole history with `git fetch --unshallow --tags`, or set OMA_OLDER to a commit or tag that is here.",
    }),
  );
}

function git(...args: readonly string[]): string {
  const { status, stdout } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
