import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { ENVIRONMENT_VARIABLES, epochMs, type Failure } from "@open-multi-auth/domain";
import { fingerprints } from "./areas.ts";
import { CACHE } from "./cache.ts";
import { presences } from "./evidence.ts";
import { LIVE } from "./live-stages.ts";
import { admitLive, askTerminal } from "./live.ts";
import { parseOptions, type Options } from "./options.ts";
import { ROOT } from "./pack.ts";
import { REPORTS_VARIABLE } from "./outcomes/read-reports.ts";
import { runCommand, type Ended } from "./run-command.ts";
import { MOCKED, type Command } from "./stages.ts";
import { validate } from "./validate.ts";

/** 0 green, 1 a stage is red, 2 wrong usage or not resumable, 4 live could not be tried. */
const EXIT: Readonly<Record<string, number>> = { USAGE: 2, CANNOT_RESUME: 2, STAGE_RED: 1, LIVE_NOT_RUN: 4 };

const options = parseOptions(process.argv.slice(2));
process.exitCode = options.isErr() ? told(options.error) : await main(options.value);

async function main(asked: Options): Promise<number> {
  if (asked.mode === "live") {
    const admitted = await admitLive(asked.spend, {
      env: process.env,
      fetch,
      run: (command) => run(command, {}),
      ask: askTerminal,
    });
    if (admitted.isErr()) return told(admitted.error);
  }
  const result = await validate(asked, asked.mode === "live" ? LIVE : MOCKED, {
    clock: { now: () => epochMs(Date.now()) },
    evidence: join(ROOT, "docs/evidence"),
    fingerprints: () => fingerprints(ROOT),
    about: about(),
    environment: presences([...ENVIRONMENT_VARIABLES, "CI", "HTTPS_PROXY"], process.env),
    reports: join(CACHE, "reports", asked.mode),
    run: (command, reports) => run(command, { [REPORTS_VARIABLE]: reports }),
    print: (line) => console.log(line),
  });
  return result.match((folder) => {
    console.log(`\nall stages are green; evidence: ${folder}/summary.md`);
    return 0;
  }, told);
}

function run(command: Command, env: Readonly<Record<string, string>>): Promise<Ended> {
  return runCommand(command, ROOT, (text) => process.stdout.write(text), env);
}

function told({ code, message }: Failure): number {
  console.error(`error ${code}: ${message}`);
  return EXIT[code] ?? 1;
}

function about(): Record<string, string> {
  return {
    commit: git("rev-parse", "HEAD"),
    changes: git("status", "--porcelain", "--", ".", ":!docs/evidence") === "" ? "none" : "not committed",
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: String(cpus().length),
  };
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
}
