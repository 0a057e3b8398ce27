import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { startDashboard, type Dashboard, type DashboardOptions } from "./dashboard.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

export { expect };

interface Rig {
  /** Starts a dashboard for this test; it ends with the test. */
  readonly serve: (options?: DashboardOptions) => Promise<Dashboard>;
  /** The same, with its page open and signed in. */
  readonly open: (options?: DashboardOptions) => Promise<Dashboard>;
  /** Starts a gateway over the same store, through which an agent asks; it ends with the test. */
  readonly agent: (dashboard: Dashboard) => Promise<Traffic>;
}

/** Every test has a server, a store and an upstream of its own; any error in the page fails it. */
export const test = base.extend<Rig>({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      // A refused request is an answer, not a fault of the page; nor is a remark about an attacker's address.
      if (
        message.type() === "error" &&
        !/Failed to load resource|net::ERR|Cross-Origin-Opener-Policy/.test(message.text())
      ) {
        errors.push(message.text());
      }
    });
    await use(page);
    expect(errors).toEqual([]);
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  serve: async ({}, use) => {
    const running: Dashboard[] = [];
    await use(async (options) => {
      const dashboard = await startDashboard(options);
      running.push(dashboard);
      return dashboard;
    });
    for (const dashboard of running) await dashboard.close();
  },
  open: async ({ page, serve }, use) => {
    await use(async (options) => {
      const dashboard = await serve(options);
      await page.goto(dashboard.launchUrl);
      await expect(page.getByText("Live")).toBeVisible();
      return dashboard;
    });
  },
  agent: async ({ serve }, use) => {
    // Named so that it ends before the server does.
    void serve;
    const running: Traffic[] = [];
    await use(async (dashboard) => {
      const traffic = await startTraffic(dashboard);
      running.push(traffic);
      return traffic;
    });
    for (const traffic of running) await traffic.close();
  },
});

/** The row of an account. */
export const rowOf = (page: Page, alias: string): Locator => page.locator(`#acc-${alias}`);

/** The switch of an account. */
export const switchOf = (page: Page, alias: string): Locator =>
  page.getByRole("switch", { name: `${alias} enabled` });

/** Serious and critical findings of axe; a page may have none. */
export async function seriousFindings(page: Page, part = "body"): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Holds something back until it is opened. */
export function gateOf(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const opened = new EventTarget();
  return {
    promise: new Promise((resolve) => opened.addEventListener("open", () => resolve())),
    resolve: () => void opened.dispatchEvent(new Event("open")),
  };
}

/** By how many pixels the page is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
