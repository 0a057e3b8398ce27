import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { addressIn, connectDebugger } from "./cdp.ts";
import type { Rig } from "./rig.ts";

const FINDER = fileURLToPath(new URL("../../../scripts/browser.mjs", import.meta.url));

/** The window that a page is shown in. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A real browser without a window. */
export interface Chromium {
  /**
   * Opens a page in a profile of its own, and has it measure itself.
   *
   * @param observer an expression that is a function of a page; its answer is asked for `forMs` after the page was opened
   */
  visit(url: string, viewport: Viewport, visits: number, forMs: number): Promise<readonly Paint[]>;
  close(): Promise<void>;
}

/** What one visit of a page looked like. */
export interface Paint {
  /** From the begin of the navigation to the first text or picture, in ms. */
  readonly firstMs: number;
  /** The sum of all layout shifts, in Chromium's score. */
  readonly shift: number;
  /** What moved, for the one who mends it. */
  readonly moved: readonly string[];
}

/** Runs before anything of the page. */
const OBSERVER = `
  globalThis.__paint = { firstMs: 0, shift: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) __paint.firstMs = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      __paint.shift += value;
      for (const { node } of sources) __paint.moved.push(node?.className || node?.nodeName || "");
    }
  }).observe({ type: "layout-shift", buffered: true });
`;

/** Starts the Chromium that the web tests use; undefined where there is none. */
export async function startChromium(rig: Rig): Promise<Chromium | undefined> {
  const found = spawnSync(process.execPath, [FINDER, "path"], { encoding: "utf8" });
  if (found.status !== 0) return undefined;
  const profile = join(rig.folder, "chromium");
  const args = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
  ];
  const child = spawn(
    found.stdout.trim(),
    [...args, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const exited = once(child, "exit");
  // Without a desktop it complains of much that no page needs.
  const browser = await connectDebugger(await addressIn(child.stderr, () => true));
  return {
    async visit(url, viewport, visits, forMs) {
      const { browserContextId } = await browser.ask<{ browserContextId: string }>(
        "Target.createBrowserContext",
      );
      const target = { url: "about:blank", browserContextId };
      const { targetId } = await browser.ask<{ targetId: string }>("Target.createTarget", target);
      const attach = { targetId, flatten: true };
      const { sessionId } = await browser.ask<{ sessionId: string }>("Target.attachToTarget", attach);
      const ask = <T>(method: string, params?: object): Promise<T> =>
        browser.ask<T>(method, params, sessionId);
      await ask("Page.enable");
      await ask("Emulation.setDeviceMetricsOverride", { ...viewport, deviceScaleFactor: 1, mobile: false });
      await ask("Page.addScriptToEvaluateOnNewDocument", { source: OBSERVER });
      const paints: Paint[] = [];
      for (let visit = 0; visit < visits; visit += 1) {
        await (visit === 0 ? ask("Page.navigate", { url }) : ask("Page.reload"));
        await new Promise((resolve) => setTimeout(resolve, forMs));
        const read = { expression: "__paint", returnByValue: true };
        const { result } = await ask<{ result: { value: Paint } }>("Runtime.evaluate", read);
        paints.push(result.value);
      }
      await browser.ask("Target.disposeBrowserContext", { browserContextId });
      return paints;
    },
    async close() {
      browser.close();
      child.kill("SIGTERM");
      await exited;
    },
  };
}
