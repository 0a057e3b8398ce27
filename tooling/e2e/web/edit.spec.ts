import { expect, rowOf, test } from "./rig.ts";
import { choose, TWO } from "./two-accounts.ts";

test("ACC-13: an account is renamed; what is wrong with an alias stands at its field", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  await choose(page, "work", "Rename");
  await page.getByLabel("Alias").fill("home");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("home");
  await page.getByLabel("Alias").fill("office");
  await page.keyboard.press("Enter");
  await expect(rowOf(page, "office")).toBeVisible();
  expect(Object.keys((await dashboard.store()).accounts)).toEqual(["office", "home"]);
});

test("ACC-13: tags and notes are kept, and notes stay text whatever they hold", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await choose(page, "work", "Tags and notes");
  await page.getByRole("textbox", { name: "Tags", exact: true }).fill("client, eu, client");
  const notes = '<img src=x onerror="window.pwned = 1"><b>Billing</b>';
  await page.getByRole("textbox", { name: "Notes", exact: true }).fill(notes);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await dashboard.account("work")).toMatchObject({ tags: ["client", "eu"], notes });
  await rowOf(page, "work").getByRole("button", { name: "work", exact: true }).click();
  await expect(rowOf(page, "work")).toContainText(notes);
  expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined();
});

test("weight and reserve are checked while they are typed, and saved", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await choose(page, "work", "Weight and reserve");
  await page.getByRole("textbox", { name: "Weight", exact: true }).fill("1.5");
  await expect(page.getByRole("dialog").getByRole("alert").first()).toHaveText("Above 0, at most 1");
  await page.getByRole("textbox", { name: "Weight", exact: true }).fill("0.5");
  await expect(page.getByText("A share of 33%.")).toBeVisible();
  await page.getByRole("textbox", { name: "Reserve", exact: true }).fill("15");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect((await dashboard.store()).settings).toMatchObject({
    accountWeights: { work: 0.5 },
    reservePercent: { work: 15 },
  });
});

test("a weight or a reserve that is no figure is not saved, least of all as the default", async ({
  page,
  open,
}) => {
  const settings = { accountWeights: { work: 0.5 }, reservePercent: { work: 15 } };
  const dashboard = await open({ accounts: TWO, store: { settings } });
  await choose(page, "work", "Weight and reserve");
  for (const [name, text] of [
    ["Weight", ""],
    ["Weight", "half"],
    ["Reserve", ""],
    ["Reserve", "101"],
  ] as const) {
    const field = page.getByRole("textbox", { name, exact: true });
    const before = await field.inputValue();
    await field.fill(text);
    await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
    await field.press("Enter");
    await field.fill(before);
  }
  expect((await dashboard.store()).settings).toEqual(settings);
});

test("an account may be called like a property of every object, and has nothing to say for it", async ({
  page,
  open,
}) => {
  await open({ accounts: ["constructor", "toString"].map((alias) => ({ ...TWO[0], alias })) });
  await expect(rowOf(page, "constructor")).toContainText("60%");
  await expect(page.getByRole("button", { name: "Dismiss" })).toHaveCount(0);
});

test("ACC-13: removing asks first, and leaves no active or forced alias behind", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await dashboard.oma("force", "work");
  await expect(page.getByRole("heading", { name: "Forced to work" })).toBeVisible();
  await choose(page, "work", "Remove");
  await page.getByRole("button", { name: "Keep" }).click();
  expect(Object.keys((await dashboard.store()).accounts)).toEqual(["work", "home"]);
  await choose(page, "work", "Remove");
  await page.getByRole("button", { name: "Remove work" }).click();
  await expect(rowOf(page, "work")).toHaveCount(0);
  await expect(rowOf(page, "home")).toBeVisible();
  expect(await dashboard.store()).toMatchObject({ activeAlias: null, forcedAlias: null });
});

test("what a terminal changes shows without a reload; a server that ends greys the page, and comes back", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  await dashboard.oma("disable", "home", "--reason", "holiday");
  await expect(rowOf(page, "home")).toContainText("holiday");
  await dashboard.stop();
  await expect(page.getByRole("alert")).toContainText("The dashboard lost its server");
  await expect(page).toHaveTitle(/^Not connected/);
  await expect(page.getByRole("switch", { name: "work enabled" })).toBeDisabled();
  await expect(rowOf(page, "work")).toContainText("60%");
  const launchUrl = await dashboard.restart();
  // A new run of the server has new sessions: the page says so.
  await expect(page.getByRole("alert")).toContainText("no longer signed in", { timeout: 30_000 });
  await page.goto("about:blank");
  await page.goto(launchUrl);
  await expect(page.getByText("Live")).toBeVisible();
  await expect(page.getByRole("switch", { name: "work enabled" })).toBeEnabled();
});

test("the last state is painted at once after a reload, before the server has answered; it holds no token", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  await expect(rowOf(page, "work")).toBeVisible();
  await page.route("**/api/**", () => {});
  await page.reload();
  await expect(rowOf(page, "work")).toContainText("60%");
  const kept = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
  const { accounts } = await dashboard.store();
  for (const { accessToken, refreshToken, idToken } of Object.values(accounts)) {
    for (const token of [accessToken, refreshToken, idToken]) expect(kept).not.toContain(token);
  }
  expect(kept).toContain("work");
});
