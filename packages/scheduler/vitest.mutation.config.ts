import { defineConfig } from "vitest/config";

/** The tests that judge mutants. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@open-multi-auth/source", "module", "node", "default"] } },
  test: { isolate: false, include: ["src/**/*.test.ts"], testTimeout: 60_000 },
});
