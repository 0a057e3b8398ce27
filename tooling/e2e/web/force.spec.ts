import { epochMs, parseAlias } from "@open-multi-auth/domain";
import { expect, gateOf, rowOf, test } from "./rig.ts";
import { TWO } from "./two-accounts.ts";

test("FRC-07: the latch turns force on and off, apart from the switches, with alias and time left", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  const strip = page.getByRole("region", { name: "Force one account" });
  await expect(strip).toHaveAttribute("data-state", "off");
  await strip.getByRole("combobox").selectOption("home");
  const gate = gateOf();
  await page.route("**/api/force", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await strip.getByRole("switch").click();
  await expect(strip).toHaveAttribute("data-state", "updating");
  gate.resolve();
  await expect(strip).toHaveAttribute("data-state", "on");
  await expect(strip.getByRole("heading")).toHaveText("Forced to home");
  await expect(strip).toContainText(/2[34]\s*h.* left, until/);
  await expect(rowOf(page, "home")).toContainText("every request goes here");
  expect(await dashboard.store()).toMatchObject({ forcedAlias: "home", forcedBy: { via: "dashboard" } });
  await page.reload();
  await expect(strip).toHaveAttribute("data-state", "on");
  await strip.getByRole("switch").click();
  await expect(strip).toHaveAttribute("data-state", "off");
  expect(await dashboard.store()).toMatchObject({ forcedAlias: null });
});

test("FRC-07: a force that is refused says why, and keeps the choice", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  const strip = page.getByRole("region", { name: "Force one account" });
  await strip.getByRole("combobox").selectOption("home");
  await page.route("**/api/force", async (route) => {
    // Somebody else was quicker.
    await dashboard.oma("disable", "home");
    await route.continue();
  });
  await strip.getByRole("switch").click();
  await expect(strip).toHaveAttribute("data-state", "error");
  await expect(strip.getByRole("alert")).toContainText("ACCOUNT_DISABLED");
  await expect(strip.getByRole("heading")).toHaveText("Not forced");
  expect(await dashboard.store()).toMatchObject({ forcedAlias: null });
});

test("FRC-07: a force that expires shows off without a reload, by the clock of the page", async ({
  page,
  open,
}) => {
  const forcedUntil = Date.now() + 3_600_000;
  await page.clock.install();
  await open({
    accounts: TWO,
    store: {
      forcedAlias: parseAlias("work")._unsafeUnwrap(),
      forcedUntil: epochMs(forcedUntil),
      forcedBy: { via: "cli" },
      previousRotationStrategy: "round-robin",
    },
  });
  const strip = page.getByRole("region", { name: "Force one account" });
  await expect(strip.getByRole("heading")).toHaveText("Forced to work");
  await page.clock.fastForward(3_599_000 - (Date.now() - (forcedUntil - 3_600_000)));
  await expect(strip).toHaveAttribute("data-state", "on");
  await page.clock.fastForward(30_000);
  await expect(strip).toHaveAttribute("data-state", "off");
  await expect(rowOf(page, "work")).not.toContainText("every request goes here");
});
