import type { Page } from "@playwright/test";
import { expect, seriousFindings, test } from "./rig.ts";

const TWO = [
  { alias: "work", fiveHour: [60, 3], weekly: [55, 80] },
  { alias: "home", fiveHour: [80, 2], weekly: [22, 90] },
] as const;

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const saveBar = (page: Page) => page.getByRole("region", { name: "Unsaved changes" });
const toSettings = (page: Page) => page.getByRole("link", { name: "Settings" }).click();

test("SET-08: shows the values in force and where each came from", async ({ page, open }) => {
  const dashboard = await open({
    accounts: TWO,
    store: { settings: { criticalThreshold: 7, accountWeights: { home: 0.5 } } },
    env: { OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS: "gpt-5.5" },
  });
  await toSettings(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Round robin decides who is next");
  await expect(field(page, "Critical below")).toHaveValue("7");
  await expect(field(page, "Low below")).toHaveValue("30");
  await expect(field(page, "Weight of home")).toHaveValue("0.5");
  const line = (label: string) => page.locator(".line", { has: field(page, label) });
  await expect(line("Critical below").locator(".orig")).toHaveText("saved");
  await expect(line("Low below").locator(".orig")).toHaveText("default");
  const models = field(page, "Models to probe with");
  await expect(models).toHaveValue("gpt-5.5");
  await expect(models).toHaveAttribute("readonly", "");
  await expect(line("Models to probe with")).toContainText("OPENCODE_MULTI_AUTH_LIMITS_PROBE_MODELS");
  await dashboard.oma("settings", "set", "lowThreshold", "45");
  await expect(field(page, "Low below")).toHaveValue("45");
});

test("SET-08: says at the field what must hold, and saves nothing until all does", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  const puts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") puts.push(request.url());
  });
  await toSettings(page);
  const before = await dashboard.store();
  for (const [label, text, problem] of [
    ["Critical below", "35", "Must be below low, 30"],
    ["Critical below", "30", "Must be below low, 30"],
    ["Critical below", "-1", "From 0 to 100"],
    ["Critical below", "ten", "Must be a number"],
    ["Low below", "101", "From 0 to 100"],
    ["Low below", "5", "Must be above critical, 10"],
    ["Weight of home", "1.5", "Above 0, at most 1"],
    ["Weight of home", "0", "Above 0, at most 1"],
    ["Reserve of work, percent", "101", "From 0 to 100"],
    ["Attempts on passing errors", "0", "A whole number from 1 to 20"],
  ] as const) {
    await field(page, label).fill(text);
    await expect(field(page, label), `${label} ${text}`).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, label)).toHaveAccessibleDescription(problem);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 value to correct");
    await expect(saveBar(page).getByRole("button", { name: "Save" })).toBeDisabled();
    await field(page, label).press("Enter");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(saveBar(page)).toHaveCount(0);
  }
  expect(puts).toEqual([]);
  expect((await dashboard.store()).settings).toEqual(before.settings);
});

test("SET-08: saves all changes at once, and they survive a reload", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await toSettings(page);
  await page.getByRole("radio", { name: /^Headroom/ }).check();
  await field(page, "Critical below").fill("12");
  await field(page, "Weight of home").fill("0.25");
  await field(page, "Reserve of work, percent").fill("20");
  await page.getByRole("switch", { name: "Keep a conversation on its account" }).click();
  await expect(saveBar(page)).toContainText("5 changes");
  await saveBar(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The next request uses it.")).toBeVisible();
  await expect(saveBar(page)).toHaveCount(0);
  const { settings, rotationStrategy } = await dashboard.store();
  expect(rotationStrategy).toBe("headroom");
  expect(settings).toEqual({
    criticalThreshold: 12,
    accountWeights: { home: 0.25 },
    reservePercent: { work: 20 },
    sessionAffinity: "off",
  });
  await page.reload();
  await expect(page.getByRole("radio", { name: /^Headroom/ })).toBeChecked();
  await expect(field(page, "Critical below")).toHaveValue("12");
  await expect(field(page, "Weight of home")).toHaveValue("0.25");
  await expect(field(page, "Reserve of work, percent")).toHaveValue("20");
  await expect(page.getByRole("switch", { name: "Keep a conversation on its account" })).not.toBeChecked();
});

test("SET-08: a save can be undone", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO, store: { settings: { lowThreshold: 40 } } });
  await toSettings(page);
  await field(page, "Low below").fill("50");
  await field(page, "Low below").press("Enter");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page, "Low below")).toHaveValue("40");
  expect((await dashboard.store()).settings).toEqual({ lowThreshold: 40 });
});

test("SET-08: applies each preset", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO, store: { settings: { accountWeights: { home: 0.5 } } } });
  await toSettings(page);
  for (const [name, critical, low, weight] of [
    ["Aggressive", "20", "40", "0.5"],
    ["Conservative", "5", "15", "0.5"],
    ["Balanced", "10", "30", "1"],
  ] as const) {
    await page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await expect(field(page, "Critical below")).toHaveValue(critical);
    await saveBar(page).getByRole("button", { name: "Save" }).click();
    await expect(saveBar(page)).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole("button", { name: new RegExp(`^${name}`) })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    await expect(field(page, "Low below")).toHaveValue(low);
    await expect(field(page, "Weight of home")).toHaveValue(weight);
  }
  expect((await dashboard.store()).settings).toEqual({});
});

test("SET-08: resets only once that is confirmed, and says before what changes", async ({ page, open }) => {
  const saved = { criticalThreshold: 5, accountWeights: { home: 0.5 }, modelRestMs: 60_000 };
  const dashboard = await open({ accounts: TWO, store: { settings: saved, rotationStrategy: "random" } });
  await toSettings(page);
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  const dialog = page.getByRole("dialog", { name: "Reset to defaults?" });
  await expect(dialog.getByRole("row")).toHaveCount(4);
  await expect(dialog).toContainText("random");
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep" }).click();
  expect((await dashboard.store()).settings).toEqual(saved);
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  await dialog.getByRole("button", { name: "Reset 3 values" }).click();
  await expect(page.getByRole("radio", { name: /^Round robin/ })).toBeChecked();
  await expect(field(page, "Critical below")).toHaveValue("10");
  expect(await dashboard.store()).toMatchObject({ settings: {}, rotationStrategy: "round-robin" });
});

test("SET-08: what is typed stays, and is judged anew, when another process changes the settings", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  await toSettings(page);
  await field(page, "Critical below").fill("25");
  await expect(saveBar(page).getByRole("button", { name: "Save" })).toBeEnabled();
  await dashboard.oma("settings", "set", "lowThreshold", "20");
  await expect(field(page, "Critical below")).toHaveAccessibleDescription("Must be below low, 20");
  await page.getByRole("link", { name: "Health" }).click();
  await toSettings(page);
  await expect(field(page, "Critical below")).toHaveValue("25");
  await field(page, "Critical below").fill("15");
  await saveBar(page).getByRole("button", { name: "Save" }).click();
  await expect(saveBar(page)).toHaveCount(0);
  expect((await dashboard.store()).settings).toEqual({ lowThreshold: 20, criticalThreshold: 15 });
});

test("SRV-07: every setting is reached and changed with the keyboard alone", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await page.getByRole("link", { name: "Settings" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: /^Round robin/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Least used/ })).toBeChecked();
  const seen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    seen.push(
      await page.evaluate(() => {
        const one = document.activeElement;
        const labels =
          one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels : null;
        return one?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? one?.textContent ?? "";
      }),
    );
  }
  for (const name of [
    "Conservative",
    "Critical below",
    "Weight of work",
    "Reserve of home",
    "Keep a conversation",
    "Attempts",
    "Read limits every",
    "Models to probe with",
    "Antigravity panel",
    "Export",
    "Import",
    "Reset to defaults",
    "Discard",
    "Save",
  ]) {
    expect(
      seen.some((one) => one.startsWith(name)),
      `${name} is reached`,
    ).toBe(true);
  }
  await field(page, "Low below").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("44");
  await page.keyboard.press("Enter");
  await expect(saveBar(page)).toHaveCount(0);
  expect(await dashboard.store()).toMatchObject({
    settings: { lowThreshold: 44 },
    rotationStrategy: "least-used",
  });
});
