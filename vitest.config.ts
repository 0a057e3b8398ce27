import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const workspaces = "{packages,apps,tooling}/*";
const tests = `${workspaces}/test/**`;
/** Recovery, soak and rollback: the staged validation runs them as stages of their own. */
const drills = [`${tests}/{recovery,lock-takeover,offline-recovery,soak,rollback}.test.ts`];
/** Percent, of every package. */
const leastCovered = { lines: 80, statements: 80, functions: 80, branches: 80 };
/** Tests wait for processes and sockets more than they compute; by default a core is left to the person. */
const maxWorkers = availableParallelism() + 1;
/** A folder for reports as JSON, which the staged validation reads. */
const reports = process.env["OMA_REPORTS"];

/** Unit tests stand beside their source; tests over real files, sockets and processes in `test/`. */
export default defineConfig({
  test: {
    ...(reports && {
      reporters: ["default", ["json", { outputFile: join(reports, `vitest-${process.pid}.json`) }]],
    }),
    coverage: {
      provider: "v8",
      include: ["{packages,apps}/*/src/**/*.{ts,tsx}"],
      exclude: ["**/*.test.{ts,tsx}"],
      reporter: ["text-summary", "json-summary"],
      // Apps run as built programs in processes and browsers of their own, where nothing is counted.
      thresholds: Object.fromEntries(
        globSync("packages/*/src").map((folder) => [`${folder}/**`, leastCovered]),
      ),
    },
    projects: [
      project("unit", [`${workspaces}/src/**/*.test.{ts,tsx}`], {
        // Pure functions leave nothing behind, and a worker of its own costs each file more than its tests.
        isolate: false,
      }),
      project("integration", [`${tests}/*.test.ts`], {
        exclude: ["**/node_modules/**", `${tests}/*.{stress,failure}.test.ts`, ...drills],
      }),
      project("drill", drills),
      project("failure", [`${tests}/*.failure.test.ts`]),
      project("stress", [`${tests}/*.stress.test.ts`], {
        testTimeout: 300_000,
        // Each file keeps both cores busy by itself.
        fileParallelism: false,
      }),
      project("agent", ["tooling/e2e/agent/**/*.e2e.ts"], {
        testTimeout: 180_000,
        hookTimeout: 180_000,
        maxWorkers: 2,
      }),
      project("release", ["tooling/validation/release/*.release.ts"], {
        testTimeout: 180_000,
        hookTimeout: 180_000,
      }),
    ],
  },
});

function project(
  name: string,
  include: string[],
  options: TestProjectInlineConfiguration["test"] = {},
): TestProjectInlineConfiguration {
  const conditions = ["@open-multi-auth/source", "module", "node", "default"];
  return {
    ssr: { resolve: { conditions } },
    test: {
      name,
      include,
      maxWorkers,
      // What is waited for comes at once, save where the machine is busy.
      expect: { poll: { timeout: 20_000 } },
      // Property tests take long where the machine is busy.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...options,
    },
  };
}
