import { parseEnvironment } from "@open-multi-auth/domain";
import { poolPaths, type PoolPaths } from "@open-multi-auth/runtime-node";
import { ok } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { checkAccounts } from "../doctor/accounts.ts";
import { failedWith, type Finding } from "../doctor/check.ts";
import { checkEncryption } from "../doctor/encryption.ts";
import { checkLeftovers } from "../doctor/leftovers.ts";
import { checkLimits } from "../doctor/limits.ts";
import { checkCodexLogin, checkOpenCodeLogin, checkPlugin } from "../doctor/opencode.ts";
import { checkProxy } from "../doctor/proxy.ts";
import { checkEnvironment, checkRuntime } from "../doctor/runtime.ts";
import { checkStore } from "../doctor/store.ts";
import { withPool } from "../pool.ts";
import type { Colours } from "../present/colours.ts";
import { plain } from "../present/text.ts";

/** `oma doctor` */
export const doctorCommand: Command = {
  arguments: [],
  options: { json: { about: "print the findings as JSON" } },
  examples: ["doctor", "doctor --json"],
  run: async ({ flags }, context) => {
    const checks = await context.progress("checking", examine(context));
    const { out } = context;
    out.print(
      flags.has("json")
        ? JSON.stringify({ checks }, null, 2)
        : checks.map((finding) => findingText(finding, out.colours)).join("\n"),
    );
    return ok<ExitCode>(checks.some(({ status }) => status === "fail") ? 1 : 0);
  },
};

/** Everything that is looked at, and what was found. */
export async function examine(context: Context): Promise<Finding[]> {
  const paths = poolPaths(context.env, parseEnvironment(context.env));
  const [pool, ...others] = await Promise.all([
    examinePool(context, paths),
    checkPlugin(context),
    checkOpenCodeLogin(paths),
    checkCodexLogin(paths),
  ]);
  return [checkRuntime(process.version), checkEnvironment(context), checkProxy(context), ...pool, ...others];
}

/** A store that cannot be opened is a finding like any other. */
async function examinePool(context: Context, { storeFile }: PoolPaths): Promise<Finding[]> {
  const findings = await withPool(context, async (pool) =>
    ok([
      ...(await checkStore(pool)),
      await checkEncryption(pool.paths.storeFile),
      ...checkAccounts(pool.views(), context.clock.now()),
      ...checkLimits(pool.views(), context.clock.now()),
      ...(await checkLeftovers(context, pool.paths.storeFile)),
    ]),
  );
  if (findings.isOk()) return findings.value;
  return [failedWith("store", findings.error), ...(await checkLeftovers(context, storeFile))];
}

function findingText(finding: Finding, { green, yellow, red, dim }: Colours): string {
  const paint = { ok: green, warn: yellow, fail: red }[finding.status];
  const line = `${paint(finding.status.padEnd(4))}  ${finding.name}: ${plain(finding.message)}`;
  return finding.status === "ok" ? line : `${line}\n      ${dim("fix:")} ${plain(finding.fix)}`;
}
