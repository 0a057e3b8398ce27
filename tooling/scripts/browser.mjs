#!/usr/bin/env node
// Runs Playwright with a Chromium of this machine, its own or a new one: `node tooling/scripts/browser.mjs test [filter]`.
// `path` prints where that Chromium is. OMA_CHROMIUM names another browser. Of what was found, a note is kept in node_modules/.cache.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve("@playwright/test/package.json")), "cli.js");
const note = join(root, "node_modules/.cache/oma-chromium");
const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const run = (command, args) => spawnSync(command, args, { stdio: "ignore", timeout: 300_000 }).status === 0;
const installed = () => SYSTEM.find((path) => existsSync(path));
const bundled = () => {
  const path = require("@playwright/test").chromium.executablePath();
  return existsSync(path) ? path : undefined;
};
const noted = () => {
  const path = existsSync(note) ? readFileSync(note, "utf8") : "";
  return existsSync(path) ? path : undefined;
};

function fromPackages() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    return undefined;
  console.error("browser: no Chromium here; installing Debian's");
  const packages = ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
  if (!run("apt-get", packages)) {
    run("apt-get", ["update"]);
    run("apt-get", packages);
  }
  return installed();
}

function fromPlaywright() {
  console.error("browser: no Chromium here; asking Playwright for its own");
  return run(process.execPath, [cli, "install", "chromium"]) ? bundled() : undefined;
}

const path =
  process.env.OMA_CHROMIUM ?? noted() ?? bundled() ?? installed() ?? fromPackages() ?? fromPlaywright();
if (path === undefined) {
  console.error("browser: none found; set OMA_CHROMIUM to a Chromium or Chrome");
  process.exit(1);
}
mkdirSync(dirname(note), { recursive: true });
writeFileSync(note, path);

const [verb = "test", ...filters] = process.argv.slice(2);
if (verb === "path") {
  console.log(path);
  process.exit(0);
}
const config = join(root, "tooling/e2e/web/playwright.config.ts");
const { status } = spawnSync(process.execPath, [cli, verb, "--config", config, ...filters], {
  stdio: "inherit",
  env: {
    ...process.env,
    OMA_CHROMIUM: path,
    NODE_OPTIONS: "--conditions=@open-multi-auth/source --disable-warning=ExperimentalWarning",
  },
});
process.exit(status ?? 1);
