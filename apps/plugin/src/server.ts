import { parseRuntimeSettings, type Failure, type ValidationIssue } from "@open-multi-auth/domain";
import { watchNotices } from "@open-multi-auth/runtime-node";
import type { Hooks, PluginInput, PluginOptions } from "@opencode-ai/plugin";
import { createAnnouncer, type Announcer } from "./announcer.ts";
import { authMethods } from "./auth-methods.ts";
import { poolHost, type Host } from "./host.ts";
import { openAiEntry } from "./open-code-auth.ts";
import { authEntry, PLACEHOLDER } from "./placeholder.ts";
import { poolFetch } from "./pool-fetch.ts";
import { hasScreen } from "./screen.ts";

const PROVIDER = "openai";

/** The plugin for OpenCode's 1.x line: an auth hook whose loader puts the pool behind the `openai` provider. */
export async function server(input: PluginInput, options?: PluginOptions): Promise<Hooks> {
  const announcer = createAnnouncer(input.client);
  const onProblem = (problem: Failure): void => announcer.log("warning", logged(problem));
  const { settings, issues } = parseRuntimeSettings(options);
  const host = await poolHost(settings, process.env, onProblem);
  if (host.isErr()) announcer.log("error", logged(host.error));
  if (host.isOk()) await seed(host.value, input.client, announcer);
  // Said by the loader: while `server` runs there is no screen yet to say it on.
  const notes = [...issues.map(refusedOption), ...(host.isOk() ? startNotes(host.value) : [])];
  let endNotices: (() => Promise<void>) | undefined;

  return {
    auth: {
      provider: PROVIDER,
      methods: authMethods(host, announcer),
      // OpenCode loses every provider when a loader throws: whatever happens, its own auth goes on working.
      loader: async (getAuth) => {
        try {
          for (const note of notes.splice(0)) announcer.toast("warning", note);
          if (host.isErr()) {
            announcer.toast("error", `The account pool cannot be used (${host.error.code}). Run: oma doctor`);
            return {};
          }
          if (authEntry(await getAuth()) === "api") {
            announcer.toast(
              "info",
              "OpenCode uses its own OpenAI key, not the pool. To see why, run: oma doctor",
            );
            return {};
          }
          if (host.value.pool.views().length === 0) {
            announcer.toast(
              "warning",
              "No account is linked. Run: opencode auth login, or oma add, then oma doctor",
            );
            return {};
          }
          endNotices ??= watchNotices(
            host.value.pool,
            hasScreen(process.argv) ? { toast: announcer.toast } : {},
          );
          // The token is set per request; OpenCode only wants to see that there is a key.
          return { apiKey: PLACEHOLDER.access, fetch: poolFetch(host.value, announcer) };
        } catch (thrown) {
          announcer.toast("error", `The plugin could not start (${String(thrown)}). Run: oma doctor`);
          return {};
        }
      },
    },
    dispose: async () => {
      await endNotices?.();
      if (host.isErr()) return;
      host.value.limits.end();
      await host.value.pool.flush();
    },
  };
}

/** A failure for the log, with what to do about it where it says so. */
function logged({ code, message, details }: Failure): string {
  const fix = "fix" in details && typeof details.fix === "string" ? `; fix: ${details.fix}` : "";
  return `${code}: ${message}${fix}`;
}

const refusedOption = ({ field, constraint }: ValidationIssue): string =>
  `The plugin option "${field}" is not used: it ${constraint}.`;

function startNotes({ pool }: Host): string[] {
  const notes = pool.environment.issues.map(
    ({ variable, constraint }) => `${variable} must be ${constraint}; it is not used.`,
  );
  for (const origin of pool.settings().contradictory) {
    notes.push(`Thresholds (${origin}): the critical one must be below the low one; they are not used.`);
  }
  if (pool.report.kind === "restored")
    notes.push("The account store was damaged and restored from its snapshot. Run: oma doctor");
  return notes;
}

/** Without an `openai` entry OpenCode never runs our loader. A real entry is never touched. */
async function seed({ pool }: Host, client: PluginInput["client"], announcer: Announcer): Promise<void> {
  if (pool.views().length === 0) return;
  if ((await openAiEntry(process.env, pool.paths.openCodeAuthFile)) !== "none") return;
  try {
    await client.auth.set({ path: { id: PROVIDER }, body: { ...PLACEHOLDER } });
  } catch (thrown) {
    announcer.log("warning", `OpenCode's openai entry could not be set: ${String(thrown)}`);
  }
}
