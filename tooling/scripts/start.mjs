// Runs the demo of the built CLI with the OpenCode that the workspace already has.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findOpenCode } from "@open-multi-auth/e2e";

const cli = fileURLToPath(new URL("../../apps/cli/dist/oma.js", import.meta.url));
const binary = findOpenCode().match(
  (path) => ["--opencode", path],
  () => [],
);
const demo = spawn(process.execPath, [cli, "demo", ...binary], { stdio: "inherit" });
// Ctrl-C reaches the demo by itself, which then cleans up; a signal sent to us alone is passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => demo.kill(signal));
demo.on("close", (code) => process.exit(code ?? 1));
