import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../src/pack.ts";
import { STRICT_OPTIONS } from "../src/release/strict-options.ts";

/** What the README of `@open-multi-auth/runtime-node` shows, as a program. */
export const PROGRAM = `
import { openPool } from "@open-multi-auth/runtime-node";

const pool = await openPool({ env: process.env });
if (pool.isErr()) throw new Error(pool.error.message);
const count: number = pool.value.views().length;
const serving = await pool.value.serve();
if (serving.isErr()) throw new Error(serving.error.message);
const answer = await serving.value.handle({
  path: "/responses",
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "gpt-5.5", input: [], stream: true, store: false, instructions: "" }),
});
const refused: string = answer.isErr() ? answer.error.code : "nobody";
await pool.value.close();
console.log(\`accounts \${count}, refused \${refused}\`);
`;

/** Compiles a project as strictly as TypeScript can; what the compiler said, nothing where it is content. */
export function compileStrictly(project: string, files: readonly string[]): string {
  const types = join(project, "node_modules", "@types");
  mkdirSync(types, { recursive: true });
  symlinkSync(join(ROOT, "tooling/validation/node_modules/@types/node"), join(types, "node"));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: STRICT_OPTIONS, files }));
  return spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", project], { encoding: "utf8" }).stdout;
}
