import { defineConfig } from "vitest/config";

const ofFiles = process.env["MUTATION"] === "files";

/**
 * The tests that judge mutants: of what computes those beside it, of what works on files the quick ones over real
 * files too. What takes many processes, or minutes, is left out.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ["@open-multi-auth/source", "module", "node", "default"] } },
  test: {
    include: ofFiles
      ? ["src/node/**/*.test.ts", "test/*.test.ts"]
      : ["src/**/*.test.ts", "test/{contract,snapshots}.test.ts"],
    exclude: [
      "test/*.{stress,failure}.test.ts",
      "test/{fuzz,lock-takeover,processes,refusing-disk,serial-order}.test.ts",
    ],
    setupFiles: ["test/mutation-setup.ts"],
    // What a mutant makes wait for ever is noticed by this, long before the whole run's own limit.
    testTimeout: 8000,
  },
});
