import { runtimeSettingsSchema, type Failure, type RuntimeSettings } from "@open-multi-auth/domain";
import type { Hooks, PluginInput, PluginOptions } from "@opencode-ai/plugin";
import { createAnnouncer, type Announcer } from "./announcer.ts";
import { poolHost, type Host } from "./host.ts";
import { openAiEntry } from "./open-code-auth.ts";
import { authEntry, PLACEHOLDER } from "./placeholder.ts";
import { poolFetch } from "./pool-fetch.ts";

const PROVIDER = "openai";

/** The plugin for OpenCode's 1.x line: an auth hook whose loader puts the pool behind the `openai` provider. */
export async function server(input: PluginInput, options?: PluginOptions): Promise<Hooks> {
  const announcer = createAnnouncer(input.client);
  const onProblem = (problem: Failure) => announcer.log("warning", `${problem.code}: ${problem.message}`);
  const host = await poolHost(projectSettings(options, announcer), process.env, onProblem);
  if (host.isOk()) {
    reportStart(host.value, announcer);
    await seed(host.value, input.client, announcer);
  }

  return {
    auth: {
      provider: PROVIDER,
      methods: [{ type: "api", label: "OpenAI API key" }],
      // OpenCode loses every provider when a loader throws: whatever happens, its own auth goes on working.
      loader: async (getAuth) => {
        try {
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
            announcer.toast("warning", "No account is linked. Run: oma import, then oma doctor");
            return {};
          }
          // The token is set per request; OpenCode only wants to see that there is a key.
          return { apiKey: PLACEHOLDER.access, fetch: poolFetch(host.value, announcer) };
        } catch (thrown) {
          announcer.toast("error", `The plugin could not start (${String(thrown)}). Run: oma doctor`);
          return {};
        }
      },
    },
    dispose: async () => {
      if (host.isOk()) await host.value.pool.store.flush();
    },
  };
}

/** The settings that a project may choose; whatever else it names is left out and said. */
function projectSettings(options: PluginOptions | undefined, announcer: Announcer): RuntimeSettings {
  const chosen: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options ?? {})) {
    const parsed = runtimeSettingsSchema.safeParse({ [name]: value });
    if (parsed.success && name in parsed.data) Object.assign(chosen, parsed.data);
    else
      announcer.toast("warning", `The plugin option "${name}" is not allowed or not valid; it is not used.`);
  }
  return chosen;
}

function reportStart({ pool }: Host, announcer: Announcer): void {
  for (const { variable, constraint } of pool.environment.issues) {
    announcer.toast("warning", `${variable} must be ${constraint}; it is not used.`);
  }
  if (pool.report.kind === "restored") {
    announcer.toast(
      "warning",
      "The account store was damaged and restored from its snapshot. Run: oma doctor",
    );
  }
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
