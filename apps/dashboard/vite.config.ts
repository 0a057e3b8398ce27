import { defineConfig } from "vite";

/** Where a running `oma dashboard` answers, while the page itself is worked on with `pnpm dev`. */
const API = "http://127.0.0.1:3434";

export default defineConfig({
  resolve: { conditions: ["@open-multi-auth/source", "module", "browser", "production", "default"] },
  // The classic form of JSX is a kilobyte smaller in the bundle: children stand in no object.
  oxc: {
    include: /\.tsx$/,
    jsx: { runtime: "classic", pragma: "h_", pragmaFrag: "Fragment_" },
    jsxInject: 'import { h as h_, Fragment as Fragment_ } from "preact";',
  },
  // The policy of the page allows neither inline scripts nor data: URLs.
  // Browsers that know light-dark() need no older forms of anything else.
  build: {
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    minify: "terser",
    // What is the same in the source stays the same text: it compresses better than what is shortest in each place.
    terserOptions: {
      ecma: 2020,
      module: true,
      compress: { passes: 3, pure_getters: true, lhs_constants: false },
    },
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy: { "/api": API } },
});
