import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";

/** Where a running `oma dashboard` answers, while the page itself is worked on with `pnpm dev`. */
const API = "http://127.0.0.1:3434";

const PRELOAD = "\0vite/preload-helper.js";

/** The one part that is loaded later has no styles of its own: there is nothing to load beside it. */
const plainImport: Plugin = {
  name: "plain-import",
  enforce: "pre",
  resolveId: (id) => (id === PRELOAD ? id : undefined),
  load: (id) => (id === PRELOAD ? "export const __vitePreload = (load) => load();" : undefined),
};

/** Terser folds more of the code, and Vite's own minifier, which comes after it, gives the shorter names. */
const folded: Plugin = {
  name: "folded",
  apply: "build",
  renderChunk: async (code) => {
    const { code: smaller = code } = await minify(code, {
      ecma: 2020,
      module: true,
      mangle: false,
      // What is the same in the source stays the same text: it compresses better than what is shortest in each place.
      compress: { passes: 3, pure_getters: true, lhs_constants: false, unsafe_arrows: true },
    });
    return { code: smaller, map: null };
  },
};

export default defineConfig({
  plugins: [plainImport, folded],
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
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy: { "/api": API } },
});
