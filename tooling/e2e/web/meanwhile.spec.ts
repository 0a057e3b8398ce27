import type { Page } from "@playwright/test";
import { expect, rowOf, switchOf, test } from "./rig.ts";
import { choose, TWO } from "./two-accounts.ts";

// What other tabs, other processes and the server do while somebody looks at the page.

const field = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("textbox", { name, exact: true });
const save = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Save" });

test("an edit saves what was typed, and leaves what another tab has changed meanwhile", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  const other = await context.newPage();
  await other.goto(dashboard.url);
  await choose(page, "work", "Tags and notes");
  await choose(other, "work", "Tags and notes");
  await field(other, "Notes").fill("ask Kim first");
  await save(other).click();
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await field(page, "Tags").fill("eu");
  await save(page).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await dashboard.account("work")).toMatchObject({ tags: ["eu"], notes: "ask Kim first" });

  await choose(page, "work", "Weight and reserve");
  await choose(other, "work", "Weight and reserve");
  await field(other, "Reserve").fill("15");
  await save(other).click();
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await field(page, "Weight").fill("0.5");
  await save(page).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const { accountWeights, reservePercent } = (await dashboard.store()).settings;
  expect([accountWeights, reservePercent]).toEqual([{ work: 0.5 }, { work: 15 }]);
});

test("a dialog follows an account that is renamed meanwhile", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await choose(page, "work", "Tags and notes");
  await field(page, "Notes").fill("ask Kim first");
  await dashboard.oma("rename", "work", "office");
  await expect(page.getByRole("dialog", { name: "Tags and notes of office" })).toBeVisible();
  await expect(field(page, "Notes")).toHaveValue("ask Kim first");
  await save(page).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await dashboard.account("office")).toMatchObject({ notes: "ask Kim first" });
});

test("tags of several accounts: where one is gone, those that were changed are said", async ({
  page,
  open,
}) => {
  const accounts = Array.from({ length: 10 }, (_, index) => ({ ...TWO[0], alias: `a${index}` }));
  const dashboard = await open({ accounts });
  for (const alias of ["a0", "a1", "a2"]) await page.getByLabel(`Select ${alias}`, { exact: true }).check();
  await page.getByRole("button", { name: "Tags", exact: true }).click();
  await field(page, "Tags").fill("eu");
  await dashboard.oma("remove", "a1", "--yes");
  await save(page).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText(
    'Changed: a0. no account is called "a1"',
  );
  expect((await dashboard.account("a0")).tags).toEqual(["eu"]);
  expect((await dashboard.account("a2")).tags).toEqual([]);
});

test("a dialog keeps what was typed while the server is gone, says so, and can be left", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  await choose(page, "work", "Tags and notes");
  await field(page, "Notes").fill("typed for long");
  await dashboard.stop();
  await expect(page.getByText("The dashboard lost its server")).toBeVisible();
  await save(page).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText(
    "Nothing changed. the server does not",
  );
  await expect(field(page, "Notes")).toHaveValue("typed for long");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(switchOf(page, "work")).toBeDisabled();
});

test("a tab that is signed out goes on with a new address that is put into it", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  const launchUrl = await dashboard.restart();
  await expect(page.getByRole("alert")).toContainText("no longer signed in", { timeout: 30_000 });
  // The same page but for the fragment: the browser loads nothing.
  await page.goto(launchUrl);
  await expect(page.getByText("Live")).toBeVisible();
  await expect(switchOf(page, "work")).toBeEnabled();
  expect(page.url()).not.toContain("launch");
});

test("many tabs left open hold nobody up, and each is up to date when it is looked at again", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  // A browser makes six connections to one server, and a stream of events holds one.
  let last = page;
  for (let tab = 2; tab <= 7; tab++) {
    await look(last, "hidden");
    last = await context.newPage();
    await last.goto(dashboard.url);
    await expect(last.getByText("Live")).toBeVisible();
  }
  await switchOf(last, "work").click();
  await expect(switchOf(last, "work")).toHaveAttribute("data-s", "off");
  await look(page, "visible");
  await expect(switchOf(page, "work")).toHaveAttribute("data-s", "off");
});

test("requests that came while a tab was not looked at are listed when it is", async ({
  page,
  open,
  agent,
}) => {
  const dashboard = await open({ accounts: TWO });
  const { ask } = await agent(dashboard);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByText("1 request in 24")).toHaveCount(0);
  await look(page, "hidden");
  await ask("one");
  await expect.poll(async () => (await dashboard.oma("why", "--json")).includes("served")).toBe(true);
  await look(page, "visible");
  await expect(page.getByText("Answered", { exact: true })).toBeVisible();
});

/** As the browser does for a tab that is covered, or not any more. */
async function look(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

test("an undo that comes to nothing says so", async ({ page, open }) => {
  await page.clock.install();
  const dashboard = await open({ accounts: TWO });
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Weight of home", { exact: true }).fill("0.3");
  // The offer would leave by itself.
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await dashboard.stop();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".toast[role=alert]")).toContainText("Nothing was undone");
  expect((await dashboard.store()).settings).toEqual({ accountWeights: { home: 0.3 } });
});

test("a reset is undone with all that it took, also what this page does not show", async ({ page, open }) => {
  const settings = { criticalThreshold: 5, workspaceRestMs: 60_000, accountWeights: { home: 0.5 } };
  const dashboard = await open({ accounts: TWO, store: { settings } });
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: /^Reset/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Reset/ })
    .click();
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toBeVisible();
  expect((await dashboard.store()).settings).toEqual({});
  await undo.click();
  await expect.poll(async () => (await dashboard.store()).settings).toEqual(settings);
});

test("the last account that is left is let go of a force that pins it", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await dashboard.oma("force", "work");
  await expect(rowOf(page, "work")).toContainText("every request goes here");
  await dashboard.oma("remove", "home", "--yes");
  await expect(rowOf(page, "home")).toHaveCount(0);
  await page.getByRole("switch", { name: "Forced to work" }).click();
  await expect.poll(async () => (await dashboard.store()).forcedAlias).toBe(null);
  await expect(rowOf(page, "work")).not.toContainText("every request goes here");
});
