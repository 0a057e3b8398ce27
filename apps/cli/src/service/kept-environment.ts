import { ENVIRONMENT_PREFIX } from "@open-multi-auth/domain";

/** Beside our own: what says where files, certificates and the network are, and where an installed Codex CLI is found. */
const OTHERS: ReadonlySet<string> = new Set([
  "CODEX_CLI_BIN",
  "CODEX_HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_ENV_PROXY",
  "NO_PROXY",
  "PATH",
  "SSL_CERT_FILE",
  "XDG_DATA_HOME",
  "http_proxy",
  "https_proxy",
  "no_proxy",
]);

/** A service's file is no place for a secret. */
const SECRET = `${ENVIRONMENT_PREFIX}PASSPHRASE`;

/** What a service is given of the environment, and what of ours it is not. */
export interface KeptEnvironment {
  readonly kept: Readonly<Record<string, string>>;
  readonly left: readonly string[];
}

/** The variables that decide what `oma` does here, so that the service does the same; in the order of their names. */
export function keptEnvironment(env: Readonly<Record<string, string | undefined>>): KeptEnvironment {
  const kept: Record<string, string> = {};
  const left: string[] = [];
  for (const name of Object.keys(env).toSorted()) {
    const value = env[name];
    if (value === undefined || value === "") continue;
    if (!name.startsWith(ENVIRONMENT_PREFIX) && !OTHERS.has(name)) continue;
    // A service's file is made of lines of text.
    if (name === SECRET || /\p{Cc}/u.test(value)) left.push(name);
    else kept[name] = value;
  }
  return { kept, left };
}
