const files = process.env.MUTATION === "files";

/** Two runs, see the README: `MUTATION=files` mutates what works on files, else what only computes. */
export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutation.config.ts" },
  tsconfigFile: "none",
  mutate: [
    ...(files ? ["src/node/**/*.ts"] : ["src/*.ts", "src/migrations/*.ts"]),
    "!src/**/*.test.ts",
    "!src/**/index.ts",
  ],
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 5000,
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: `reports/mutation-${files ? "files" : "pure"}.json` },
  incremental: true,
  incrementalFile: `reports/stryker-${files ? "files" : "pure"}.json`,
};
