import type { Page } from "@playwright/test";
import { expect, seriousFindings, test } from "./rig.ts";

const THREE = [
  { alias: "lab", fiveHour: [60, 3], weekly: [55, 80] },
  { alias: "work", fiveHour: [80, 2], weekly: [42, 90] },
  { alias: "backup", more: { enabled: false } },
] as const;

const rows = (page: Page) => page.locator("details.dec");
const toActivity = (page: Page) => page.getByRole("link", { name: "Activity" }).click();

test("each request of an agent appears as it happens, with its account and why", async ({
  page,
  open,
  agent,
}) => {
  const dashboard = await open({ accounts: THREE });
  await toActivity(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No requests yet");
  const traffic = await agent(dashboard);
  expect((await traffic.ask("one")).status).toBe(200);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText("New conversation: next in turn");
  await expect(rows(page).first()).toContainText("Answered");
  const first = await rows(page).first().locator(".al").textContent();
  await traffic.ask("one");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("Stays with its conversation");
  await expect(rows(page).first().locator(".al")).toHaveText(first ?? "");
  await traffic.ask("two", "one");
  await expect(rows(page).first()).toContainText("Sub-agent follows its parent");
  await expect(rows(page).first().locator(".al")).toHaveText(first ?? "");
});

test("a failover is shown as moved and kept from the person, with what was tried", async ({
  page,
  open,
  agent,
}) => {
  const dashboard = await open({ accounts: THREE });
  const traffic = await agent(dashboard);
  await traffic.ask("one");
  await toActivity(page);
  const home = (await rows(page).first().locator(".al").textContent()) ?? "";
  const other = home === "lab" ? "work" : "lab";
  dashboard.sim.drain(home, "fiveHour");
  expect((await traffic.ask("one")).status).toBe(200);
  const moved = rows(page).first();
  await expect(moved).toContainText(`${home} reached its limit, moved unseen`);
  await expect(moved.locator(".rt")).toHaveText(new RegExp(`${home}.*${other}`));
  await expect(moved.locator(".out")).toHaveText("Moved");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "1 interruption kept from you this week, none reached you",
  );
  await expect(page.getByRole("region", { name: "Kept from you" })).toContainText(/Limit reached\s*1/);
  await moved.locator("summary").click();
  await expect(moved).toContainText(`Why ${other}?`);
  await expect(moved).toContainText(
    `${home} reached its limit before any output, so the request moved to ${other}.`,
  );
  const candidate = (alias: string) => moved.getByRole("row", { name: new RegExp(`^${alias}`) });
  await expect(candidate(other)).toContainText("yes, chosen");
  await expect(candidate(home)).toContainText("yes, but it reached its limit");
  await expect(candidate("backup")).toContainText("no, it is off");
  await expect(candidate(other)).toContainText(
    `${(await dashboard.account(other)).rateLimits?.weekly?.remaining}%`,
  );
  await expect(moved.getByRole("list", { name: /Attempts/ })).toContainText("429, quota");
  await expect(moved.getByRole("list", { name: /Attempts/ })).toContainText(/answered after/);
  expect(await seriousFindings(page)).toEqual([]);
});

test("what reached the person is found by its filter", async ({ page, open, agent }) => {
  const dashboard = await open({ accounts: THREE });
  const traffic = await agent(dashboard);
  await traffic.ask("one");
  dashboard.sim.drain("lab", "weekly");
  dashboard.sim.drain("work", "weekly");
  expect((await traffic.ask("one")).status).toBe(429);
  await toActivity(page);
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Refused" }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText("No account could answer");
  await rows(page).first().locator("summary").click();
  await expect(rows(page).first()).toContainText("lab reached its limit");
  await page.getByRole("button", { name: "Moved" }).click();
  await expect(page.getByText("None of these requests moved.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 reached you");
});

test("the list stands still while it is paused, and counts what came", async ({ page, open, agent }) => {
  const dashboard = await open({ accounts: THREE });
  const traffic = await agent(dashboard);
  await traffic.ask("one");
  await toActivity(page);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.mouse.move(0, 0);
  await traffic.ask("one");
  await traffic.ask("one");
  await expect(page.getByRole("button", { name: "2 new" })).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "2 new" }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.mouse.move(0, 0);
  await traffic.ask("one");
  await expect(rows(page)).toHaveCount(4);
});

test("each account's share stands beside the one that it was to get", async ({ page, open, agent }) => {
  const dashboard = await open({
    accounts: THREE,
    store: { rotationStrategy: "weighted-round-robin", settings: { accountWeights: { work: 0.5, lab: 1 } } },
  });
  const traffic = await agent(dashboard);
  for (const conversation of ["a", "b", "c", "d", "e", "f"]) await traffic.ask(conversation);
  await toActivity(page);
  const share = page.getByRole("region", { name: "Share" });
  await expect(share).toContainText("6 requests");
  const row = (alias: string) => share.getByRole("listitem").filter({ hasText: alias });
  await expect(row("lab")).toContainText("67%");
  await expect(row("lab")).toContainText("aim 67%");
  await expect(row("work")).toContainText("33%");
  await expect(row("work")).toContainText("aim 33%");
  await expect(row("backup")).toContainText("off");
});

test("SRV-07: the requests are read with the keyboard alone", async ({ page, open, agent }) => {
  const dashboard = await open({ accounts: THREE });
  const traffic = await agent(dashboard);
  await traffic.ask("one");
  await toActivity(page);
  await rows(page).first().locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(rows(page).first()).toContainText("in all");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Copy as JSON" })).toBeFocused();
});
