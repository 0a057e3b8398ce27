import { chmodSync, copyFileSync, cpSync } from "node:fs";
import { defineConfig } from "rolldown";

/** An entry and one chunk per command: a command loads only what it needs. */
export default defineConfig({
  input: { oma: "src/oma.ts" },
  platform: "node",
  resolve: { conditionNames: ["@open-multi-auth/source", "import", "node", "default"] },
  transform: { target: "node20.19" },
  plugins: [
    { name: "executable", writeBundle: () => chmodSync("dist/oma.js", 0o755) },
    // The demo runs the very plugin of this version.
    { name: "plugin", writeBundle: () => copyFileSync("../plugin/dist/plugin.js", "dist/plugin.js") },
    // The page that `oma dashboard` serves.
    {
      name: "dashboard",
      writeBundle: () => cpSync("../dashboard/dist", "dist/dashboard", { recursive: true }),
    },
  ],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    banner: (chunk) => (chunk.isEntry ? "#!/usr/bin/env node" : ""),
    minify: true,
    cleanDir: true,
  },
});
