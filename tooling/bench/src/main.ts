import { measureApi } from "./figures/api.ts";
import { measureBundle } from "./figures/bundle.ts";
import { measureCliStart } from "./figures/cli-start.ts";
import { measureCodexProbe } from "./figures/codex-probe.ts";
import { measureCpu } from "./figures/cpu.ts";
import { measureFileCalls } from "./figures/file-calls.ts";
import { GATEWAY_GROUPS } from "./figures/gateway.ts";
import { measureOverhead } from "./figures/overhead.ts";
import { measureProbe } from "./figures/probe.ts";
import { measureSelect } from "./figures/select.ts";
import { measureStartUp } from "./figures/start-up.ts";
import { measureStore } from "./figures/store.ts";
import { measureWeb } from "./figures/web.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions } from "./options.ts";
import { createRig, type Rig } from "./rig/rig.ts";
import { verdictOf, type Row } from "./row.ts";
import { renderTable } from "./table.ts";

const GROUPS: Readonly<Record<string, (rig: Rig) => Promise<readonly Row[]>>> = {
  overhead: measureOverhead,
  cpu: measureCpu,
  ...GATEWAY_GROUPS,
  files: measureFileCalls,
  select: measureSelect,
  bundle: measureBundle,
  startup: measureStartUp,
  store: measureStore,
  probe: async (rig) => [...(await measureProbe(rig)), ...(await measureCodexProbe(rig))],
  api: measureApi,
  cli: measureCliStart,
  web: measureWeb,
};

const { check, json, only } = parseOptions(process.argv.slice(2));
const groups = Object.entries(GROUPS).filter(([name]) => isWanted(name));
if (groups.length === 0) {
  process.stderr.write(`--only takes one of: ${Object.keys(GROUPS).join(", ")}\n`);
  process.exit(2);
}

/** `gateway` names all groups that begin so. */
function isWanted(name: string): boolean {
  return only === undefined || name === only || name.startsWith(`${only}:`);
}

const machineNow = describeMachine();
const rig = await createRig();
try {
  const rows: Row[] = [];
  for (const [name, measure] of groups) {
    process.stderr.write(`measuring ${name} …\n`);
    // However the one before has left it.
    await rig.answer({ kind: "ok" });
    rows.push(...(await measure(rig)));
  }
  const machine = machineNow();
  const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
  process.stdout.write(
    json ? `${JSON.stringify({ machine, rows: judged })}\n` : `${renderTable(machine, rows)}\n`,
  );
  if (check && judged.some(({ verdict }) => verdict === "missed")) process.exitCode = 1;
} finally {
  await rig.close();
}
