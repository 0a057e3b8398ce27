import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const reports = process.env["OMA_REPORTS"];

/** The built `oma dashboard` in a real Chromium; every test has a server, a store and an upstream of its own. */
export default defineConfig({
  testDir: ".",
  // Pictures for the documents are taken when they are wished for.
  testMatch: process.env["OMA_SHOTS"] === undefined ? "*.spec.ts" : "*.shots.ts",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: reports ? [["list"], ["json", { outputFile: join(reports, "playwright.json") }]] : [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(process.env["OMA_CHROMIUM"] !== undefined && { executablePath: process.env["OMA_CHROMIUM"] }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A name that leads here, as an attacker's would after rebinding.
        "--host-resolver-rules=MAP rebound.test 127.0.0.1",
      ],
    },
  },
});
