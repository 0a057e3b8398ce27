import { defineConfig } from "vitest/config";

/** The tests that judge mutants: the quick ones. What takes many processes, or minutes, is left out. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@open-multi-auth/source", "module", "node", "default"] } },
  test: {
    include: ["src/**/*.test.ts", "test/*.test.ts"],
    exclude: [
      "test/*.{stress,failure}.test.ts",
      "test/{fuzz,lock-takeover,processes,refusing-disk,serial-order}.test.ts",
    ],
    testTimeout: 60_000,
  },
});
