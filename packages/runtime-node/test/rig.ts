import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accountId,
  after,
  epochMs,
  newAccount,
  parseAlias,
  sessionId,
  type Account,
  type Clock,
  type DecisionRecord,
  type EpochMs,
  type Failure,
} from "@open-multi-auth/domain";
import {
  startUpstreamSim,
  type AccountOptions,
  type StartOptions,
  type UpstreamSim,
} from "@open-multi-auth/upstream-sim";
import { ok } from "neverthrow";
import {
  openPool,
  systemClock,
  webResponse,
  type ModelRequest,
  type Pool,
  type ServingPool,
} from "../src/index.ts";

/** A pool over real files and sockets; only the upstream is simulated. */
export interface Rig extends AsyncDisposable {
  readonly sim: UpstreamSim;
  readonly pool: Pool;
  readonly serving: ServingPool;
  /** What leads any process to this pool. */
  readonly env: Readonly<Record<string, string>>;
  /** What went wrong in the background. */
  readonly problems: readonly Failure[];
  account(alias: string): Account;
  /** Sends one prompt and reads the whole answer. */
  ask(conversation?: string): Promise<{ status: number; text: string }>;
  /** The newest record, once it is on disk. */
  record(): Promise<DecisionRecord>;
}

export async function createRig(
  accounts: readonly AccountOptions[],
  more: NodeJS.ProcessEnv = {},
  fetch?: typeof globalThis.fetch,
  { clock = systemClock, ...simulated }: StartOptions & { readonly clock?: Clock } = {},
): Promise<Rig> {
  const sim = await startUpstreamSim({ ...simulated, clock, accounts });
  const folder = await mkdtemp(join(tmpdir(), "oma-pool-"));
  const env = {
    HOME: folder,
    OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
    ...more,
  } as Record<string, string>;
  const problems: Failure[] = [];
  const onProblem = (problem: Failure) => void problems.push(problem);
  const pool = (await openPool({ env, clock, onProblem, ...(fetch && { fetch }) }))._unsafeUnwrap();
  for (const { alias } of accounts) await link(pool, sim, alias);
  const serving = (await pool.serve())._unsafeUnwrap();
  return {
    sim,
    pool,
    serving,
    env,
    problems,
    account: (alias) => pool.store.state().accounts[parseAlias(alias)._unsafeUnwrap()]!,
    async ask(conversation) {
      const answer = (await serving.handle(prompt(conversation)))._unsafeUnwrap();
      return { status: answer.status, text: await webResponse(answer).text() };
    },
    async record() {
      await pool.store.flush();
      let [record] = (await pool.decisions.read(1))._unsafeUnwrap();
      for (; !record; [record] = (await pool.decisions.read(1))._unsafeUnwrap()) await nextTurn();
      return record;
    },
    async [Symbol.asyncDispose]() {
      await pool.close();
      await sim.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A request as OpenCode makes it; without a conversation it is a new one each time. */
export function prompt(conversation: string = crypto.randomUUID()): ModelRequest {
  const input = [{ role: "user", content: [{ type: "input_text", text: "hello" }] }];
  const body = { model: "gpt-5.5", store: false, stream: true, instructions: "", input };
  return {
    path: "/responses",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    sessionId: sessionId(conversation),
  };
}

/** Makes an account the only one of the pool; with `expired`, as it was linked long ago. */
export async function linkOnly(
  { pool, sim }: Pick<Rig, "pool" | "sim">,
  name: string,
  { expired }: { readonly expired: boolean },
): Promise<void> {
  (await pool.store.update((store) => ok({ ...store, accounts: {} })))._unsafeUnwrap();
  await link(pool, sim, name, expired ? epochMs(0) : undefined);
}

/** Links every account that the simulator has by now. */
export async function linkAll({ pool, sim }: Pick<Rig, "pool" | "sim">): Promise<void> {
  for (const { alias } of sim.accounts()) await link(pool, sim, alias);
}

async function link(pool: Pool, sim: UpstreamSim, name: string, end?: EpochMs): Promise<void> {
  const { accessToken, refreshToken, expiresAt } = sim.tokensOf(name);
  const workspace = sim.accounts().find(({ alias }) => alias === name)?.accountId;
  const login = {
    accessToken,
    refreshToken,
    expiresAt: end ?? epochMs(expiresAt),
    source: "import" as const,
    ...(workspace !== undefined && { accountId: workspace }),
  };
  const alias = parseAlias(name)._unsafeUnwrap();
  (
    await pool.store.update((store) => {
      const linkedAt = after(systemClock.now(), Object.keys(store.accounts).length);
      const account = newAccount(accountId(`id-${name}`), alias, login, linkedAt);
      return ok({ ...store, accounts: { ...store.accounts, [alias]: account } });
    })
  )._unsafeUnwrap();
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** A quota that requests do not use up. */
export const ENDLESS = { fiveHour: 0, weekly: 0 };
