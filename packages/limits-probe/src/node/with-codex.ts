import { failure, UPSTREAM_URL, type Account, type Clock, type ProbeSource } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { ProbeError } from "../errors.ts";
import { identityProbed, type ProbedIdentity } from "../identity.ts";
import type { ProbeTokens, Timers } from "../ports.ts";
import type { ProbeAttempt } from "../runner.ts";
import { tokenUnavailable } from "../token-unavailable.ts";
import { findCodex, type Env } from "./find-codex.ts";
import { createProbeHome, type ProbeHome } from "./probe-home.ts";

/** What the Codex CLI is asked with. */
export interface CodexCliDeps {
  readonly tokens: ProbeTokens;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Where `/wham/usage` and `/codex/responses` hang, without a slash at its end. */
  readonly upstreamUrl: string;
  /** The pool's folder: homes of runs are made below it. */
  readonly folder: string;
  /** The process environment: the program's path, proxies and certificates are taken of it, nothing else. */
  readonly env: Env;
  readonly platform: string;
}

/** All that a run needs. */
export interface ReadyCodex {
  readonly binary: string;
  readonly home: ProbeHome;
  readonly login: string;
  readonly probed: ProbedIdentity;
}

/** Finds the program, takes a living token of the pool, and lends a home that is gone when this resolves. */
export async function withCodex(
  account: Account,
  source: ProbeSource,
  deps: CodexCliDeps,
  use: (codex: ReadyCodex) => Promise<ProbeAttempt>,
): Promise<ProbeAttempt> {
  const binary = await findCodex(deps.env, deps.platform);
  if (binary.isErr()) return { source, result: err(binary.error) };
  const token = await deps.tokens.ensureFresh(account.id);
  if (token.isErr()) return { source, result: err(tokenUnavailable(token.error)) };
  const { fingerprint: login } = token.value;
  let home: ProbeHome;
  try {
    home = await createProbeHome(deps.folder, { account, token: token.value }, deps);
  } catch {
    return { source, login, result: err(noHome(deps.folder)) };
  }
  try {
    return await use({ binary: binary.value, home, login, probed: identityProbed(account, token.value) });
  } finally {
    // A later run sweeps what cannot be removed now.
    await home.remove().catch(() => undefined);
  }
}

/** What every run is told: this upstream, and none of the requests that a probe has no use for. */
export function leanArguments(upstreamUrl: string): string[] {
  return [
    ...["apps", "plugins", "remote_plugin", "tool_suggest"].flatMap((feature) => ["--disable", feature]),
    ...config("analytics.enabled", "false"),
    ...(upstreamUrl === UPSTREAM_URL ? [] : config("chatgpt_base_url", JSON.stringify(upstreamUrl))),
  ];
}

/** One value of its configuration, as TOML. */
export const config = (name: string, value: string): string[] => ["-c", `${name}=${value}`];

/** The Codex CLI is there and yet could not be started. */
export const notStarted = (code: string): ProbeError =>
  unavailable(`the Codex CLI cannot be started (${code})`, "check that `codex --version` runs");

const noHome = (folder: string): ProbeError =>
  unavailable("no folder could be made for the Codex CLI", `check that ${folder} can be written to`);

const unavailable = (reason: string, fix: string): ProbeError =>
  failure("PROBE_SOURCE_UNAVAILABLE", `${reason}: ${fix}`, { reason, fix });
