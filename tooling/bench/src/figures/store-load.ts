import { stat } from "node:fs/promises";
import { join } from "node:path";

import { openStore } from "@open-multi-auth/core-store/node";
import { accountId, epochMs, newAccount, parseAlias, type Account } from "@open-multi-auth/domain";
import { systemClock, systemRandom } from "@open-multi-auth/runtime-node";
import { ok } from "neverthrow";

import type { LoadSamples } from "../client/store-load.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { median } from "../statistics.ts";

const ACCOUNTS = 100;
const HISTORY = 100;
const LOAD_BOUND_MS = 5;
const SIZE_BOUND_KB = 600;
const NOW = 1_800_000_000_000;
const PROBE_INTERVAL_MS = 300_000;

/** How long a large store takes to open, its snapshot looked at too, and how large its file is. */
export async function measureStoreLoad(rig: Rig): Promise<readonly Row[]> {
  const folder = join(rig.folder, "large-store");
  const store = (await openStore({ folder, clock: systemClock, random: systemRandom }))._unsafeUnwrap();
  const accounts = Object.fromEntries(
    Array.from({ length: ACCOUNTS }, (_, number) => accountOf(number)).map((account) => [
      account.alias,
      account,
    ]),
  );
  (await store.update((state) => ok({ ...state, accounts })))._unsafeUnwrap();
  (await store.close())._unsafeUnwrap();
  const { size } = await stat(join(folder, "store.json"));
  const what = `store of ${ACCOUNTS} accounts x ${HISTORY} history points`;
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const samples = await runClient<LoadSamples>(runtime, "store-load", [folder]);
    const label = runtimeLabel(runtime);
    rows.push({
      figure: `open a ${what}`,
      runtime: label,
      value: median(samples),
      unit: "ms",
      bound: LOAD_BOUND_MS,
    });
  }
  return [
    ...rows,
    { figure: `size of a ${what}`, runtime: "", value: size / 1_000, unit: "kB", bound: SIZE_BOUND_KB },
  ];
}

/** As a browser login and 100 probes leave it; tokens have the length of real ones. */
function accountOf(number: number): Account {
  const alias = parseAlias(`account-${number}`)._unsafeUnwrap();
  const id = accountId(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
  const credential = {
    accessToken: `${number}`.padEnd(2_000, "a"),
    refreshToken: `${number}`.padEnd(90, "r"),
    expiresAt: epochMs(NOW),
  };
  const rateLimitHistory = Array.from({ length: HISTORY }, (_, point) => ({
    at: epochMs(NOW + point * PROBE_INTERVAL_MS + number * 1_000),
    source: "usage-endpoint" as const,
    fiveHour: { remaining: 100 - point, resetAt: epochMs(NOW + (Math.floor(point / 60) + 1) * 18_000_000) },
    weekly: { remaining: 100 - Math.floor(point / 8), resetAt: epochMs(NOW + 604_800_000) },
  }));
  return { ...newAccount(id, alias, { ...credential, source: "browser" }, epochMs(NOW)), rateLimitHistory };
}
