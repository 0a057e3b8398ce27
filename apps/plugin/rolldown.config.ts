import { defineConfig } from "rolldown";

/** One ESM file without runtime dependencies: OpenCode resolves nothing beside a plugin. */
export default defineConfig({
  input: { plugin: "src/plugin.ts" },
  platform: "node",
  resolve: { conditionNames: ["@open-multi-auth/source", "import", "node", "default"] },
  transform: { target: "node20.19" },
  output: { dir: "dist", format: "esm", entryFileNames: "[name].js", minify: true, cleanDir: true },
});
