import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import { expect, rowOf, switchOf, test } from "./rig.ts";
import type { Seed } from "./seed.ts";

// The pictures of docs/tour.md and of the dashboard's README: `pnpm shots`.
const picture = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/tour/${name}.png`, import.meta.url));
const shoot = async (page: Page, name: string, full = false): Promise<void> => {
  // Above the tables nothing may still be on its way.
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: picture(name), fullPage: full, animations: "disabled" });
};

const POOL: readonly Seed[] = [
  { alias: "studio", fiveHour: [84, 3.35], weekly: [58, 9.1] },
  { alias: "work", fiveHour: [41, 1.9], weekly: [41, 90] },
  { alias: "lab", fiveHour: [0, 2.2], weekly: [48, 102], more: { planType: "team" } },
  { alias: "personal", fiveHour: [88, 4.1], weekly: [24, 116], readMinutesAgo: 22 },
  {
    alias: "client",
    fiveHour: [92, 1.85],
    weekly: [78, 122],
    readMinutesAgo: 41,
    more: { authInvalid: true },
  },
  { alias: "backup", more: { enabled: false } },
];
const still = (seeds: readonly Seed[]) => ({
  accounts: seeds,
  prepare: (sim: UpstreamSim) => {
    for (const { alias } of seeds) sim.script(alias, [{ kind: "hang", times: "always" }], "usage");
  },
});

test.use({ viewport: { width: 1200, height: 760 } });

test("a new user: from an empty page to a pool of two", async ({ page, context, open }) => {
  await open({
    prepare: (sim) => {
      for (const alias of ["work", "home"]) sim.addAccount({ alias });
    },
  });
  await shoot(page, "1-empty");
  for (const [index, alias] of ["work", "home"].entries()) {
    await page.getByRole("button", { name: "Link account" }).click();
    await page.getByRole("textbox", { name: "Alias" }).fill(alias);
    if (index === 0) await shoot(page, "2-link");
    const opened = context.waitForEvent("page");
    await page.getByRole("button", { name: "Continue" }).click();
    const tab = await opened;
    await tab.getByRole("link", { name: new RegExp(alias) }).click();
    await expect(tab.getByText("open-multi-auth, on this machine")).toBeVisible();
    await tab.close();
    await expect(page.getByRole("dialog", { name: `${alias} is linked` })).toBeVisible();
    await expect(page.getByRole("dialog")).toContainText("First reading");
    if (index === 0) await shoot(page, "3-linked");
    await page.getByRole("button", { name: "Done" }).click();
  }
  await page.getByRole("combobox", { name: "Account to force" }).selectOption("home");
  await page.getByRole("region", { name: "Force one account" }).getByRole("switch").click();
  await expect(page.getByRole("heading", { name: "Forced to home" })).toBeVisible();
  await shoot(page, "4-forced");
  await page.getByRole("region", { name: "Force one account" }).getByRole("switch").click();
  await switchOf(page, "home").click();
  await expect(switchOf(page, "home")).toHaveAttribute("data-s", "off");
  await shoot(page, "5-off");
});

test("signing in again, in the row of the account", async ({ page, context, open }) => {
  await open(still(POOL));
  const opened = context.waitForEvent("page");
  await rowOf(page, "client")
    .getByRole("button", { name: /Re-auth/ })
    .click();
  await (await opened).close();
  await page.bringToFront();
  await expect(rowOf(page, "client")).toContainText("Finish signing in as client");
  await shoot(page, "6-reauth", true);
});

test("the pool, dark and on a phone", async ({ page, open }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(still(POOL));
  await rowOf(page, "work").getByRole("button", { name: "work", exact: true }).click();
  await shoot(page, "pool-dark", true);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 780 });
  await shoot(page, "pool-phone");
});
