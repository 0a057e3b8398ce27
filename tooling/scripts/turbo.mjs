// Runs turbo without its telemetry: its notice would come before all else, its settings into the home folder.
import { spawn } from "node:child_process";

const turbo = spawn("turbo", process.argv.slice(2), {
  stdio: "inherit",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  shell: process.platform === "win32",
});
// Ctrl-C reaches turbo by itself; a signal sent to us alone is passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => turbo.kill(signal));
turbo.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
turbo.on("close", (code) => process.exit(code ?? 1));
