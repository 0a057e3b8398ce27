import type { UpstreamSim } from "@open-multi-auth/upstream-sim";
import type { Seed } from "./seed.ts";
import { expect, overflowOf, rowOf, seriousFindings, switchOf, test } from "./rig.ts";

const WIDTHS = [360, 768, 1440] as const;
const VIEWS = ["pool", "activity", "settings", "health"] as const;

/** One account of every kind. */
const KINDS: readonly Seed[] = [
  { alias: "studio", fiveHour: [84, 3.3], weekly: [58, 9] },
  { alias: "work", fiveHour: [41, 1.9], weekly: [41, 90], more: { tags: ["client"], notes: "Billing" } },
  { alias: "spent", fiveHour: [0, 2.2], weekly: [48, 102] },
  { alias: "personal", fiveHour: [88, 4], weekly: [24, 116], readMinutesAgo: 22 },
  { alias: "client", fiveHour: [92, 1.8], weekly: [8, 122], readMinutesAgo: 41, more: { authInvalid: true } },
  { alias: "backup", more: { enabled: false } },
];
const many = (count: number): Seed[] =>
  Array.from({ length: count }, (_, index) => ({
    alias: `account-${String(index).padStart(3, "0")}`,
    fiveHour: [(index * 7) % 101, 0.2 + (index % 24) / 5],
    weekly: [(index * 13) % 101, 3 + (index % 160)],
    more: { tags: [`team-${index % 5}`] },
  }));
const quiet = (seeds: readonly Seed[]) => ({
  accounts: seeds,
  // Nothing is read anew: what is looked at stays as it is.
  prepare: (sim: UpstreamSim) => {
    for (const { alias } of seeds) sim.script(alias, [{ kind: "hang", times: "always" }], "usage");
  },
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of WIDTHS) {
    test(`SRV-07: no serious finding of axe and no sideways scrolling in any view, ${width} px, ${colorScheme}`, async ({
      page,
      open,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await open(quiet(KINDS));
      await rowOf(page, "work").getByRole("button", { name: "work", exact: true }).click();
      for (const view of VIEWS) {
        await page.getByRole("link", { name: new RegExp(`^${view}`, "i") }).click();
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await seriousFindings(page), view).toEqual([]);
        expect(await overflowOf(page), view).toBe(0);
        // The pool is there already, and stays where it was scrolled to.
        const isNew = view !== VIEWS[0];
        if (isNew) expect(await page.evaluate(() => scrollY), `${view} begins at its top`).toBe(0);
      }
    });
  }
}

for (const [count, name] of [
  [0, "none"],
  [1, "one"],
  [12, "twelve"],
  [200, "two hundred"],
] as const) {
  test(`SRV-07: a pool of ${name} fits from 360 px to 4K, without a serious finding of axe`, async ({
    page,
    open,
  }) => {
    // Two hundred rows are many for a busy machine.
    test.slow(count > 100);
    await open(quiet(many(count)));
    for (const width of count < 100 ? [...WIDTHS, 3840] : [360, 3840]) {
      await page.setViewportSize({ width, height: width === 3840 ? 2160 : 900 });
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await overflowOf(page), `at ${width} px`).toBe(0);
      // More rows of the same kind tell axe nothing new.
      const isLooked = count < 100 && (width === 360 || width === 1440);
      if (isLooked) expect(await seriousFindings(page), `at ${width} px`).toEqual([]);
    }
    await expect(page.getByRole("switch", { name: /account-\d+ enabled/ })).toHaveCount(count);
    if (count === 12) {
      await page.setViewportSize({ width: 360, height: 900 });
      await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
      await expect(page.getByText("12 selected")).toBeVisible();
      expect(await overflowOf(page), "with all selected").toBe(0);
    }
  });
}

test("SRV-07: every dialog is free of serious findings, in light and dark", async ({ page, open }) => {
  await open(quiet(KINDS));
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const item of ["Rename", "Tags and notes", "Weight and reserve", "Remove"]) {
      await page.getByRole("button", { name: "More for work" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await seriousFindings(page, "dialog"), `${item}, ${colorScheme}`).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  }
});

test("SRV-07: every control of the pool is reached and used with the keyboard alone", async ({
  page,
  open,
}) => {
  const dashboard = await open(quiet(KINDS));
  const seen: string[] = [];
  const current = (): Promise<string> =>
    page.evaluate(() => {
      const one = document.activeElement;
      return one === document.body ? "" : (one?.getAttribute("aria-label") ?? one?.textContent?.trim() ?? "");
    });
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press("Tab");
    const name = await current();
    if (seen.length > 0 && name === seen[0]) break;
    seen.push(name);
  }
  const wanted = ["Skip to content", "Pool", "Settings", "Hide e-mail addresses", "Account to force"];
  const rows = KINDS.flatMap(({ alias }) => [
    alias,
    `Reading of ${alias}`,
    `${alias} enabled`,
    `More for ${alias}`,
  ]);
  for (const name of [...wanted, "Stop", "Link account", ...rows, "Re-auth as client"]) {
    expect(
      seen.some((one) => one.startsWith(name)),
      `${name} is reached`,
    ).toBe(true);
  }
  await switchOf(page, "work").focus();
  await page.keyboard.press("Space");
  await expect(switchOf(page, "work")).toHaveAttribute("data-s", "off");
  expect(await dashboard.account("work")).toMatchObject({ enabled: false });
  await page.getByRole("button", { name: "More for work" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Tags and notes" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "More for work" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Rename work" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the page asks nobody but its own server", async ({ page, open }) => {
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  const dashboard = await open(quiet(KINDS));
  for (const view of VIEWS) await page.getByRole("link", { name: new RegExp(`^${view}`, "i") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect([...asked]).toEqual([dashboard.url]);
});

test("a long list is searched, narrowed by tag and status, and ordered", async ({ page, open }) => {
  await open(quiet(many(12)));
  const aliases = () => page.locator("li.row .alias").allTextContents();
  await page.getByRole("searchbox", { name: "Search accounts" }).fill("005");
  expect(await aliases()).toEqual(["account-005"]);
  await page.getByRole("searchbox", { name: "Search accounts" }).fill("");
  await page.getByLabel("Tag", { exact: true }).selectOption("team-1");
  expect(await aliases()).toHaveLength(3);
  await page.getByLabel("Tag", { exact: true }).selectOption("");
  await page.getByLabel("Order").selectOption("alias");
  expect(await aliases()).toEqual(many(12).map(({ alias }) => alias));
  await page.getByLabel("Order").selectOption("weekly");
  expect((await aliases())[0]).toBe("account-007");
  // What is selected and not shown is not what is shown.
  await page.getByLabel("Select account-007", { exact: true }).check();
  await page.getByRole("searchbox", { name: "Search accounts" }).fill("005");
  await expect(page.getByLabel("Select all that are shown")).not.toBeChecked();
});
