import { expect, rowOf, test } from "./rig.ts";

const READING = { fiveHour: [62, 3], weekly: [41, 80] } as const;

test("LIM-21: what was never measured is called unknown, and has no figure", async ({ page, open }) => {
  await open({
    accounts: [{ alias: "work" }],
    prepare: (sim) => sim.script("work", [{ kind: "hang", times: "always" }], "usage"),
  });
  const row = rowOf(page, "work");
  await expect(row.locator(".meter")).toHaveText([/unknown/, /unknown/]);
  await expect(row.getByRole("button", { name: /Reading of work: Unknown/ })).toBeVisible();
  await expect(row).not.toContainText("%");
  await expect(row.getByRole("meter")).toHaveCount(0);
});

test("LIM-22: an old reading looks old: another shape, the word, its age, and striped figures", async ({
  page,
  open,
}) => {
  await open({
    accounts: [
      { alias: "fresh", ...READING },
      { alias: "stale", ...READING, readMinutesAgo: 22 },
    ],
    prepare: (sim) => {
      for (const alias of ["fresh", "stale"]) sim.script(alias, [{ kind: "hang", times: "always" }], "usage");
    },
  });
  const [fresh, stale] = ["fresh", "stale"].map((alias) => rowOf(page, alias));
  await expect(stale!.locator(".conf")).toHaveText(/Stale\s*22\s*m/);
  await expect(fresh!.locator(".conf")).toHaveText(/Fresh\s*1\s*m/);
  await expect(stale!.locator(".meter.old")).toHaveCount(2);
  await expect(fresh!.locator(".meter.old")).toHaveCount(0);
  await expect(stale!.locator(".meter").first()).toContainText("62%");
});

test("LIM-22: a reading grows old by the clock, without a request", async ({ page, open }) => {
  await page.clock.install();
  await open({
    accounts: [{ alias: "work", ...READING }],
    prepare: (sim) => sim.script("work", [{ kind: "hang", times: "always" }], "usage"),
  });
  const badge = rowOf(page, "work").locator(".conf b");
  await expect(badge).toHaveText("Fresh");
  await page.clock.fastForward(6 * 60_000);
  await expect(badge).toHaveText("Stale");
  await page.clock.fastForward(60 * 60_000);
  await expect(badge).toHaveText("Unknown");
  await expect(rowOf(page, "work").locator(".meter").first()).toHaveText(/unknown/);
});

test("LIM-23: a failed reading shows a sign, the word and the last error, and keeps the figures", async ({
  page,
  open,
}) => {
  await open({
    accounts: [{ alias: "work", ...READING }],
    prepare: (sim) => sim.script("work", [{ kind: "deactivated-workspace", times: "always" }], "usage"),
  });
  await page.getByRole("button", { name: "Refresh limits" }).click();
  const row = rowOf(page, "work");
  await expect(row.locator(".conf.error b")).toHaveText("Error");
  await expect(row.locator(".conf.error svg")).toBeVisible();
  await expect(row.getByRole("alert")).toContainText(/The last reading failed at .*deactivated_workspace/);
  await expect(row.locator(".meter").first()).toContainText("62%");
});

test("LIM-24: both figures are those that the store has", async ({ page, open }) => {
  const dashboard = await open({ accounts: [{ alias: "work" }, { alias: "home" }] });
  dashboard.sim.drain("work", "fiveHour", 37);
  dashboard.sim.drain("work", "weekly", 12);
  dashboard.sim.drain("home", "weekly", 64);
  await page.getByRole("button", { name: "Refresh limits" }).click();
  const figures = (alias: string) => rowOf(page, alias).locator(".m-v");
  await expect(figures("work")).toHaveText(["63%", "88%"]);
  await expect(figures("home")).toHaveText(["100%", "36%"]);
  for (const [alias, left] of [
    ["work", [63, 88]],
    ["home", [100, 36]],
  ] as const) {
    const { fiveHour, weekly } = (await dashboard.account(alias)).rateLimits ?? {};
    expect([fiveHour?.remaining, weekly?.remaining]).toEqual(left);
  }
});

test("LIM-24: what is nearly used up is not called used up, nor nearly full full", async ({ page, open }) => {
  const dashboard = await open({
    accounts: [{ alias: "work", fiveHour: [0.4, 2], weekly: [99.6, 90] }],
  });
  const meters = rowOf(page, "work").getByRole("meter");
  await expect(meters.first()).toHaveAccessibleName(/: <1% left/);
  await expect(meters.last()).toHaveAccessibleName(/: 99% left/);
  await expect(rowOf(page, "work")).not.toContainText("used up");
  expect(await dashboard.oma("list")).toMatch(/<1 %.*99 %/);
  expect(await dashboard.oma("status")).toContain("<1 % left (critical)");
});
