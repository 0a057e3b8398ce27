import { defineConfig } from "vitest/config";

/** The tests that judge mutants of the pure parts: those beside them. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@open-multi-auth/source", "module", "node", "default"] } },
  test: { include: ["src/**/*.test.ts"] },
});
