import { execFile } from "node:child_process";
import { z } from "zod";
import type { Context } from "../context.ts";
import { mirrorConfig, type Mirror } from "./mirror.ts";
import { toPath } from "./own-specs.ts";

const TIMEOUT_MS = 30_000;

/** What OpenCode itself says of the plugins in its configuration. */
export type Listing =
  | { readonly kind: "listed"; readonly plugins: readonly ListedPlugin[] }
  /** There is no `opencode` on the PATH. */
  | { readonly kind: "no-opencode" }
  /** It could not say; `why` is safe to print. */
  | { readonly kind: "failed"; readonly why: string };

/** One plugin that OpenCode would load, and the file that named it. */
export interface ListedPlugin {
  /** As paths stand in configurations: no file URL. */
  readonly spec: string;
  readonly source: string | undefined;
}

/** Only this much of the answer is read: the rest of a configuration may hold keys. */
const answerSchema = z.object({
  plugin_origins: z
    .array(
      z.object({
        spec: z.union([z.string(), z.tuple([z.string()], z.unknown())]),
        source: z.string().optional(),
      }),
    )
    .optional(),
});

/**
 * Asks OpenCode for its effective configuration, over a copy of it: asking alone would write files.
 *
 * With `--pure` it loads no plugin and waits for none to be installed: seconds instead of more than a minute where
 * there is no network.
 */
export async function listedPlugins({ env, cwd }: Pick<Context, "env" | "cwd">): Promise<Listing> {
  const mirror = await mirrorConfig(env, cwd);
  try {
    const answer = await runOpenCode(mirror.env, mirror.cwd);
    return typeof answer === "string" ? read(answer, mirror) : answer;
  } finally {
    await mirror.remove();
  }
}

function read(answer: string, { original }: Mirror): Listing {
  try {
    const { plugin_origins: origins = [] } = answerSchema.parse(JSON.parse(answer));
    return {
      kind: "listed",
      plugins: origins.map(({ spec, source }) => ({
        spec: original(toPath(typeof spec === "string" ? spec : spec[0])),
        source: source && original(source),
      })),
    };
  } catch {
    return { kind: "failed", why: "`opencode debug config` did not print a configuration" };
  }
}

function runOpenCode(env: Context["env"], cwd: string): Promise<string | Listing> {
  const options = {
    env: { ...env },
    cwd,
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: 16e6,
  } as const;
  return new Promise((resolve) => {
    execFile("opencode", ["debug", "config", "--pure"], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT") resolve({ kind: "no-opencode" });
      else resolve({ kind: "failed", why: explain(error) });
    });
  });
}

function explain({ killed, code }: { killed?: boolean; code?: unknown }): string {
  if (killed === true) return `\`opencode debug config\` did not end within ${TIMEOUT_MS / 1_000} s`;
  return `\`opencode debug config\` failed (${String(code)})`;
}
