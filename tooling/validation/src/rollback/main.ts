import { globSync } from "node:fs";
import { join } from "node:path";
import { BUILD, withClone } from "../clone.ts";
import { ROOT } from "../pack.ts";
import { runCommand, type Ended } from "../run-command.ts";
import type { Command } from "../stages.ts";
import { olderRelease } from "./older-release.ts";

/** The drill of going back, with a package that an earlier state of the source really was; arguments go to Vitest. */
const older = olderRelease(process.env["OMA_OLDER"]);
if (older.isErr()) {
  console.error(`${older.error.message}\nfix: ${older.error.details.fix}`);
  process.exit(2);
}
console.log(`Building open-multi-auth as of ${older.value}`);
process.exitCode = await withClone(async (clone) => {
  const cli = join(clone.folder, "apps/cli");
  for (const command of [
    [...BUILD, "--filter=open-multi-auth"],
    ["pnpm", "--dir", cli, "pack"],
  ] satisfies Command[]) {
    const { exitCode, excerpt } = await clone.run(command);
    if (exitCode !== 0) {
      console.error(`${command.join(" ")} ended with ${exitCode}:\n${excerpt}`);
      return exitCode;
    }
  }
  return (await drill(join(cli, globSync("*.tgz", { cwd: cli })[0] ?? ""))).exitCode;
}, older.value);

function drill(tarball: string): Promise<Ended> {
  const command: Command = ["vitest", "run", "--project", "drill", "rollback", ...process.argv.slice(2)];
  return runCommand(command, ROOT, (text) => process.stdout.write(text), { OMA_OLDER_PACKAGE: tarball });
}
