import { expect, gateOf, rowOf, switchOf, test } from "./rig.ts";
import { TWO } from "./two-accounts.ts";

test("ACC-09: a switch shows off, on and updating; more clicks while it updates do nothing; it survives a reload", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  const work = switchOf(page, "work");
  await expect(work).toHaveAttribute("aria-checked", "true");
  const gate = gateOf();
  const changes: string[] = [];
  await page.route("**/api/accounts/work/enabled", async (route) => {
    changes.push(route.request().postData() ?? "");
    await gate.promise;
    await route.continue();
  });
  await work.click();
  await expect(work).toHaveAttribute("data-s", "updating");
  await expect(work).toHaveAttribute("aria-busy", "true");
  await work.click();
  await work.press("Space");
  gate.resolve();
  await expect(work).toHaveAttribute("data-s", "off");
  await expect(work).toHaveAttribute("aria-checked", "false");
  expect(changes).toEqual(['{"enabled":false}']);
  expect(await dashboard.account("work")).toMatchObject({
    enabled: false,
    disabledBy: { via: "dashboard" },
  });
  await page.reload();
  await expect(switchOf(page, "work")).toHaveAttribute("data-s", "off");
  await expect(rowOf(page, "work")).toContainText(/Off\s*since \d\d:\d\d, by dashboard/);
});

test("ACC-09: the switch works with the keyboard alone", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  const home = switchOf(page, "home");
  await home.focus();
  await page.keyboard.press("Space");
  await expect(home).toHaveAttribute("data-s", "off");
  await expect(home).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(home).toHaveAttribute("data-s", "on");
  expect(await dashboard.account("home")).toMatchObject({ enabled: true });
});

test("ACC-09: a change that is refused shows an error at the side it stayed on, and what to do", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  const work = switchOf(page, "work");
  await page.route("**/api/accounts/work/enabled", (route) => route.abort(), { times: 1 });
  await work.click();
  await expect(work).toHaveAttribute("data-s", "error");
  await expect(work).toHaveAttribute("aria-checked", "true");
  await expect(rowOf(page, "work").getByRole("alert")).toContainText("Still on.");
  await expect(work).toHaveAccessibleDescription(/Still on\./);
  expect(await dashboard.account("work")).toMatchObject({ enabled: true });
  await rowOf(page, "work").getByRole("button", { name: "Turn off again" }).click();
  await expect(work).toHaveAttribute("data-s", "off");
});

test("the last enabled account is only turned off once that is said expressly", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO.slice(0, 1) });
  const work = switchOf(page, "work");
  await work.click();
  await expect(rowOf(page, "work")).toContainText("work is the last enabled account");
  await expect(work).toHaveAttribute("aria-checked", "true");
  expect(await dashboard.account("work")).toMatchObject({ enabled: true });
  await page.getByRole("button", { name: "Turn off anyway" }).click();
  await expect(work).toHaveAttribute("data-s", "off");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No account can answer");
});

test("ACC-11: the switch is the only way to disable: no menu, button or bulk action beside it does", async ({
  page,
  open,
}) => {
  const accounts = Array.from({ length: 9 }, (_, index) => ({ ...TWO[0], alias: `a${index}` }));
  await open({ accounts });
  await page.getByRole("checkbox", { name: "Select a1" }).check();
  await page.getByRole("checkbox", { name: "Select a2" }).check();
  await page.getByRole("button", { name: "More for a1" }).click();
  const controls = page.locator("button, [role=menuitem], a, option, select");
  const names = await controls.evaluateAll((all) =>
    all
      .filter((one) => one.getAttribute("role") !== "switch")
      .map((one) => `${one.getAttribute("aria-label") ?? ""} ${one.textContent}`),
  );
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => /disable|enable|turn o|pause|switch off|deactivate/i.test(name))).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("switch", { name: /enabled$/ })).toHaveCount(10);
  const bulk = page.getByRole("switch", { name: "2 selected accounts enabled" });
  await bulk.click();
  for (const alias of ["a1", "a2"]) await expect(switchOf(page, alias)).toHaveAttribute("data-s", "off");
  await switchOf(page, "a1").click();
  await expect(bulk).toHaveAttribute("aria-checked", "mixed");
});
