import { defineConfig } from "vite";

/** Where a running `oma dashboard` answers, while the page itself is worked on with `pnpm dev`. */
const API = "http://127.0.0.1:4455";

export default defineConfig({
  resolve: { conditions: ["@open-multi-auth/source", "module", "browser", "production", "default"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The policy of the page allows neither inline scripts nor data: URLs.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy: { "/api": API } },
});
