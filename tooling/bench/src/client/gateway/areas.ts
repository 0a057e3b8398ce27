import { readFileSync } from "node:fs";

/** A CPU profile, as far as it is read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Microseconds that a profile saw in functions of each area, and the functions that took most. */
export function areasOf(file: string): { areas: Map<string, number>; functions: Map<string, number> } {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const areas = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [place, id] of samples.entries()) {
    const frame = frames.get(id);
    // The last is the profiler itself, as it is ended.
    if (frame === undefined || frame.functionName === "(idle)" || frame.url === "node:inspector") continue;
    const spent = timeDeltas[place] ?? 0;
    const area = areaOf(frame.functionName, frame.url);
    add(areas, area, spent);
    add(functions, `${area} ${frame.functionName}`, spent);
  }
  return { areas, functions };
}

function add(sums: Map<string, number>, name: string, spent: number): void {
  sums.set(name, (sums.get(name) ?? 0) + spent);
}

function areaOf(name: string, url: string): string {
  if (name === "(garbage collector)") return "garbage collection";
  const ours = /\/(?:packages|apps|tooling)\/([\w-]+)\//.exec(url.replace(/.*node_modules/, ""))?.[1];
  if (ours !== undefined) return ours;
  const library = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (library !== undefined) return library;
  return url.startsWith("node:") ? "node" : "native: sockets, copies, the kernel";
}
