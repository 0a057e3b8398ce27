import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../pack.ts";
import { gatewaySoak, violationsOf } from "./gateway-soak.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, seed: { type: "string", default: "1" } },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error("--minutes takes a number above 0, --seed a whole number");
  process.exit(2);
}
/** Where soaks are lived; kept out of git. */
const folder = join(ROOT, "node_modules/.cache/open-multi-auth/soak-gateway");
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const until = Date.now() + minutes * 60_000;
const lived = await gatewaySoak({
  folder,
  seed,
  goesOn: () => Date.now() < until,
  restMs: 500,
  print: (line) => console.log(line),
});
const violations = violationsOf(lived);
await writeFile(
  join(folder, "verdict.json"),
  JSON.stringify({ minutes, seed, violations, ...lived }, null, 2),
);
console.log(`${lived.served} served, ${lived.left} left by their client, ${lived.failed.length} failed`);
for (const violation of violations) console.error(`violation: ${violation}`);
console.log(
  violations.length === 0 ? `all is well; see ${folder}/verdict.json` : `${violations.length} violations`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
