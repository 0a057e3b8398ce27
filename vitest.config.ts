import { defineConfig } from "vitest/config";

const workspaces = "{packages,apps,tooling}/*";
// What is waited for comes at once, save where the machine is busy.
const expect = { poll: { timeout: 20_000 } };
const resolve = { conditions: ["@open-multi-auth/source", "module", "node", "default"] };

/** Unit tests stand beside their source; tests over real files, sockets and processes in `test/`. */
export default defineConfig({
  test: {
    projects: [
      {
        ssr: { resolve },
        test: {
          name: "unit",
          expect,
          include: [`${workspaces}/src/**/*.test.{ts,tsx}`],
          // Pure functions leave nothing behind, and a worker of its own costs each file more than its tests.
          isolate: false,
          // Property tests take long where the machine is busy.
          testTimeout: 60_000,
        },
      },
      {
        ssr: { resolve },
        test: {
          name: "integration",
          expect,
          include: [`${workspaces}/test/**/*.test.ts`],
          exclude: ["**/node_modules/**", `${workspaces}/test/**/*.{stress,failure}.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ssr: { resolve },
        test: {
          name: "stress",
          expect,
          include: [`${workspaces}/test/**/*.stress.test.ts`],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          // Each file keeps both cores busy by itself.
          fileParallelism: false,
        },
      },
      {
        ssr: { resolve },
        test: {
          name: "failure",
          expect,
          include: [`${workspaces}/test/**/*.failure.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ssr: { resolve },
        test: {
          name: "agent",
          expect,
          include: ["tooling/e2e/agent/**/*.e2e.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        ssr: { resolve },
        test: {
          name: "release",
          expect,
          include: ["tooling/validation/release/*.release.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
