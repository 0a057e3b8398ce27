import { createLinking, type Link, type LinkMethod } from "@open-multi-auth/runtime-node";
import type { Failure } from "@open-multi-auth/domain";
import type { AuthHook, AuthOAuthResult } from "@opencode-ai/plugin";
import type { Result } from "neverthrow";
import type { Announcer } from "./announcer.ts";
import { pluginActor, type Host } from "./host.ts";
import { openAiLogin } from "./open-code-auth.ts";

type Methods = AuthHook["methods"];

/**
 * What `opencode auth login` offers for OpenAI: two ways to link an account of the pool, and OpenCode's own key.
 *
 * @param host the pool, once it was opened; without one accounts cannot be linked, and OpenCode says why
 */
export function authMethods(host: Result<Pick<Host, "pool">, Failure>, announcer: Announcer): Methods {
  let current: Link | undefined;
  const method = (label: string, kind: LinkMethod): Methods[number] => ({
    type: "oauth",
    label,
    authorize: async () => {
      // OpenCode does not tell when the person turns away from a sign-in; it would hold its port until it gives up.
      current?.cancel();
      await current?.closed;
      const { link, pool } = await begin(kind, host, announcer);
      current = link;
      return { ...shown(link), method: "auto", callback: () => finished(link, pool, announcer) };
    },
  });
  return [
    method("ChatGPT account for the pool (browser)", "browser"),
    method("ChatGPT account for the pool (code, for a machine without a browser)", "device"),
    { type: "api", label: "OpenAI API key" },
  ];
}

/** OpenCode shows what this throws; a sign-in that cannot begin has nothing to return. */
async function begin(
  method: LinkMethod,
  host: Result<Pick<Host, "pool">, Failure>,
  announcer: Announcer,
): Promise<{ readonly link: Link; readonly pool: Host["pool"] }> {
  if (host.isErr()) throw new Error(`The account pool cannot be used (${host.error.code}). Run: oma doctor`);
  const onProblem = ({ message }: Failure): void => announcer.log("warning", message);
  const { pool } = host.value;
  const store = pool.audited({ actor: pluginActor(), action: "account.link" });
  const started = await createLinking({ ...pool, store }, { onProblem }).start({ method });
  if (started.isErr()) throw new Error(started.error.message);
  return { link: started.value, pool };
}

/** An alias is made of the e-mail address: OpenCode would ask for one before it is known who signs in. */
function shown({ prompt }: Link): { url: string; instructions: string } {
  if (prompt.kind === "device") {
    return { url: prompt.verificationUrl, instructions: `Enter the code ${prompt.userCode}` };
  }
  const instructions = `Sign in with the account to link. The browser comes back to port ${prompt.port} of this machine.`;
  return { url: prompt.url, instructions };
}

type Finished = Awaited<ReturnType<Extract<AuthOAuthResult, { method: "auto" }>["callback"]>>;

/**
 * Waits for the sign-in and hands OpenCode an entry to write: what it has already, or else a placeholder. The account's
 * own tokens are the pool's alone: two that use them would log each other out.
 */
async function finished(link: Link, pool: Host["pool"], announcer: Announcer): Promise<Finished> {
  const outcome = await link.settled;
  await link.closed;
  if (outcome.phase !== "done") {
    if (outcome.phase === "failed") announcer.toast("error", outcome.failure.message);
    return { type: "failed" };
  }
  const { alias, workspaces } = outcome.report;
  announcer.toast("info", `${alias} is linked. To rename it, run: oma rename ${alias} <new>`);
  const more = workspaces.filter((workspace) => workspace.alias === undefined).length;
  if (more > 0)
    announcer.toast("info", `This login has other workspaces too. To link one, run: oma add --help`);
  return openAiLogin(process.env, pool.paths.openCodeAuthFile);
}
