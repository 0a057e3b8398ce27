import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  epochMs,
  parseAlias,
  type Account,
  type Alias,
  type Clock,
  type Failure,
} from "@open-multi-auth/domain";
import { startUpstreamSim, type AccountOptions, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { createLinking, openPool, type Link, type Linking, type LinkWish, type Pool } from "../src/index.ts";

/** Time that passes only when told to, for us and for the simulator alike. */
export interface VirtualTime extends Clock {
  after(ms: number, run: () => void): () => void;
  /** After how long each of the timers is due. */
  due(): number[];
  /** Lets time pass; what is due runs. */
  pass(ms: number): void;
}

/** A pool and the linking of accounts into it, over real files and sockets; only the upstream is simulated. */
export interface LinkingRig extends AsyncDisposable {
  readonly sim: UpstreamSim;
  readonly pool: Pool;
  readonly linking: Linking;
  readonly time: VirtualTime;
  readonly ports: readonly number[];
  readonly folder: string;
  readonly codexFile: string;
  readonly problems: readonly Failure[];
  start(wish?: Partial<LinkWish>): Promise<Link>;
  account(alias: string): Account;
  /** Links through the browser, as a person does. */
  link(alias: string, account?: string): Promise<void>;
  codex(): Promise<Record<string, unknown> & { tokens: Record<string, string> }>;
}

export const alias = (text: string): Alias => parseAlias(text)._unsafeUnwrap();

export async function createLinkingRig(
  accounts: readonly AccountOptions[],
  more: Readonly<Record<string, string>> = {},
): Promise<LinkingRig> {
  const time = virtualTime();
  const sim = await startUpstreamSim({ accounts, clock: time });
  const folder = await mkdtemp(join(tmpdir(), "oma-link-"));
  const ports = [await freePort(), await freePort()];
  const codexFile = join(folder, "codex", "auth.json");
  const env = {
    HOME: folder,
    OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
    OPENCODE_MULTI_AUTH_CODEX_AUTH_FILE: codexFile,
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    OPENCODE_MULTI_AUTH_REDIRECT_PORTS: ports.join(","),
    ...more,
  };
  const problems: Failure[] = [];
  const pool = (await openPool({ env, clock: time }))._unsafeUnwrap();
  const linking = createLinking(pool, {
    clock: time,
    timers: time,
    onProblem: (problem) => void problems.push(problem),
  });
  const rig: LinkingRig = {
    sim,
    pool,
    linking,
    time,
    ports,
    folder,
    codexFile,
    problems,
    start: async (wish = {}) => (await linking.start({ method: "browser", ...wish }))._unsafeUnwrap(),
    account: (name) => pool.store.state().accounts[alias(name)]!,
    async link(name, account = name) {
      const link = await rig.start({ alias: alias(name) });
      await signIn(link, account);
      const outcome = await link.settled;
      if (outcome.phase !== "done") throw new Error(JSON.stringify(outcome));
      await link.closed;
    },
    codex: async () => JSON.parse(await readFile(codexFile, "utf8")),
    async [Symbol.asyncDispose]() {
      await pool.close();
      await sim.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

/** What a browser does once the person has chosen an account: it ends at the page that tells how it went. */
export async function signIn(link: Link, account: string): Promise<Response> {
  return fetch(await callbackOf(link, account));
}

/** Where the upstream sends the browser to; an empty account is a refusal. */
export async function callbackOf(link: Link, account: string): Promise<URL> {
  if (link.prompt.kind !== "browser") throw new Error("this link has no address");
  const answer = await fetch(`${link.prompt.url}&sim_account=${account}`, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

/** The query of the address to sign in at. */
export function authorizeQuery({ prompt }: Link): URLSearchParams {
  if (prompt.kind !== "browser") throw new Error("this link has no address");
  return new URL(prompt.url).searchParams;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function virtualTime(): VirtualTime {
  let now = Date.UTC(2026, 10, 21, 12);
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => epochMs(now),
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    due: () => Array.from(timers, ({ at }) => at - now),
    pass(ms) {
      now += ms;
      for (const timer of Array.from(timers).filter(({ at }) => at <= now)) {
        if (timers.delete(timer)) timer.run();
      }
    },
  };
}
