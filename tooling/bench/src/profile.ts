import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { areasOf } from "./client/gateway/areas.ts";
import { profileGateway } from "./figures/gateway.ts";
import { createRig } from "./rig/rig.ts";

const MOST_FUNCTIONS = 40;

/** Where the CPU of the gateway and of the pipe goes, by area: `node … profile.ts [requests at a time] [kB of body]`. */
const [atOnce = "16", bodyKb = "32"] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "oma-profile-"));
const rig = await createRig();
try {
  const requests = await profileGateway(rig, {
    atOnce: Number(atOnce),
    bodyKb: Number(bodyKb),
    profiles: folder,
  });
  const [pipe, gateway] = ["pipe", "gateway"].map((way) => areasOf(join(folder, `${way}.cpuprofile`)));
  if (pipe === undefined || gateway === undefined) throw new Error("a profile is missing");
  const perRequest = (spent = 0): string => (spent / requests).toFixed(1).padStart(8);
  const names = new Set([...pipe.areas.keys(), ...gateway.areas.keys()]);
  const byCost = [...names].toSorted((a, b) => (gateway.areas.get(b) ?? 0) - (gateway.areas.get(a) ?? 0));
  print("µs per request: the pipe, the gateway, area");
  for (const name of byCost)
    print(`${perRequest(pipe.areas.get(name))} ${perRequest(gateway.areas.get(name))}  ${name}`);
  print("\nthe gateway's functions that took most");
  const functions = [...gateway.functions].toSorted(([, a], [, b]) => b - a).slice(0, MOST_FUNCTIONS);
  for (const [name, spent] of functions) print(`${perRequest(spent)}  ${name}`);
} finally {
  await rig.close();
  await rm(folder, { recursive: true });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
