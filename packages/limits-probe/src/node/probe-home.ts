import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account, Clock } from "@open-multi-auth/domain";
import type { ProbeToken } from "../ports.ts";
import type { Env } from "./find-codex.ts";

/** Far longer than any run is let: what is older belongs to nobody. */
const ABANDONED_MS = 15 * 60_000;
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9/";
/** What a program needs of the machine to reach the upstream as other programs do. */
const PASSED_ON =
  /^(PATH|LANG|LC_ALL|SSL_CERT_(FILE|DIR)|CODEX_CA_CERTIFICATE|(https?|all|no)_proxy|SystemRoot|ComSpec)$/i;

/** A home for one run of the Codex CLI, in which nothing is the person's own. */
export interface ProbeHome {
  readonly path: string;
  /** Where the run starts: an empty folder. */
  readonly work: string;
  /** `$CODEX_HOME`. */
  readonly codexHome: string;
  /** The whole environment of the run. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/**
 * Makes a home below `folder`, readable to its owner only, and removes those that killed processes left there.
 *
 * Its login has no refresh token: the pool alone renews, so a run can neither use one up nor keep a newer one.
 */
export async function createProbeHome(
  folder: string,
  login: { readonly account: Account; readonly token: ProbeToken },
  { env, clock }: { readonly env: Env; readonly clock: Clock },
): Promise<ProbeHome> {
  const homes = join(folder, "probe-homes");
  await mkdir(homes, { recursive: true, mode: 0o700 });
  await sweep(homes, clock);
  const path = await mkdtemp(join(homes, "run-"));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5 });
  const [work, temp, codexHome] = [join(path, "work"), join(path, "tmp"), join(path, "codex")];
  try {
    for (const inner of [work, temp, codexHome]) await mkdir(inner, { mode: 0o700 });
    const auth = JSON.stringify(authFile(login, new Date(clock.now())));
    await writeFile(join(codexHome, "auth.json"), auth, { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    path,
    work,
    codexHome,
    env: {
      ...passedOn(env),
      HOME: path,
      TMPDIR: temp,
      CODEX_HOME: codexHome,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: NOWHERE,
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: NOWHERE,
    },
    remove,
  };
}

/** As the Codex CLI writes it. It wants an id token, and reads of it what the access token says as well. */
function authFile(
  { account, token }: { readonly account: Account; readonly token: ProbeToken },
  now: Date,
): unknown {
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: account.idToken || token.accessToken,
      access_token: token.accessToken,
      refresh_token: "",
      account_id: token.upstreamAccountId,
    },
    last_refresh: now.toISOString(),
  };
}

function passedOn(env: Env): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => PASSED_ON.test(name)));
}

async function sweep(homes: string, clock: Clock): Promise<void> {
  for (const name of await readdir(homes)) {
    const path = join(homes, name);
    // Another process may be faster.
    const since = await stat(path).catch(() => undefined);
    if (since === undefined || since.mtimeMs + ABANDONED_MS > clock.now()) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
