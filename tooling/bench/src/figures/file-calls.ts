import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { FileCallWindows } from "../client/file-calls.ts";
import { countFileCalls, TRACED_CALLS } from "../file-calls/count-calls.ts";
import { CALIBRATION } from "../file-calls/markers.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES, type Runtime } from "../runtimes.ts";

/** Fewer say too little; on a machine that slow the figure is not measured. */
const LEAST_WINDOWS = 20;

/** File-system calls between the entry of fetch and the last byte of the answer, counted by the system. */
export async function measureFileCalls(rig: Rig): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of Object.values(RUNTIMES)) {
    const counted = canTrace()
      ? await count(rig, runtime)
      : { note: "strace is missing or may not trace here" };
    rows.push({
      figure: "file-system calls in a request",
      runtime: runtimeLabel(runtime),
      value: undefined,
      unit: "calls",
      bound: 0,
      ...counted,
    });
  }
  return rows;
}

function canTrace(): boolean {
  return spawnSync("strace", ["-f", "-o", "/dev/null", process.execPath, "--version"]).status === 0;
}

type Counted = Partial<Pick<Row, "value" | "direct" | "pool" | "baselineUnit">> & { readonly note: string };

async function count(rig: Rig, runtime: Runtime): Promise<Counted> {
  const trace = join(rig.folder, `${runtime.name}.trace`);
  const windows = await runClient<FileCallWindows>(runtime, "file-calls", rig.task, {
    // Rings would carry out calls that no trace shows.
    env: { ...(await rig.freshStore()), UV_USE_IO_URING: "0" },
    prefix: ["strace", "-f", "-y", "-qq", "--seccomp-bpf", "-e", `trace=${TRACED_CALLS}`, "-o", trace],
  });
  const calls = countFileCalls(await readFile(trace, "utf8"));
  const inWindows = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => calls.get(name) ?? []);
  if (inWindows([CALIBRATION]).length === 0) return { note: "the trace missed the read made to prove it" };
  if (windows.pool.length < LEAST_WINDOWS)
    return { note: `only ${windows.pool.length} requests fitted between two writes behind` };
  const pool = inWindows(windows.pool);
  const note = `${windows.pool.length} requests traced${pool.length > 0 ? `, first: ${pool[0]}` : ""}`;
  const direct = inWindows(windows.direct).length;
  return { value: pool.length, pool: pool.length, direct, baselineUnit: "calls", note };
}
