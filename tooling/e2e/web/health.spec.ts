import { mkdir, rm, rmdir } from "node:fs/promises";
import { expect, rowOf, seriousFindings, switchOf, test } from "./rig.ts";

const TWO = [
  { alias: "lab", fiveHour: [60, 3], weekly: [55, 80] },
  { alias: "work", fiveHour: [80, 2], weekly: [42, 90], more: { authInvalid: true } },
] as const;

test("the view says what fails first, what to do about it, and what passes", async ({ page, open }) => {
  await open({ accounts: TWO });
  await page.getByRole("link", { name: "Health" }).click();
  const checks = page.getByRole("region", { name: "Checks" });
  await expect(checks.getByRole("listitem").filter({ hasText: "Login work" })).toContainText("Warns");
  await expect(checks.getByRole("listitem").filter({ hasText: "Login work" })).toContainText("To mend it");
  await expect(checks.getByRole("listitem").filter({ hasText: "Permissions" })).toContainText("Passes");
  const order = await checks.locator("li .s").allTextContents();
  expect(order.map(rank)).toEqual(order.map(rank).toSorted((a, b) => a - b));
  await checks.getByRole("link", { name: "Show work" }).click();
  await expect(page).toHaveURL(/#\/pool/);
});

test("the store's state is shown, and the way to a backup", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await page.getByRole("link", { name: "Health" }).click();
  const store = page.getByRole("region", { name: "Store" });
  await expect(store).toContainText("Read and written");
  await expect(store).toContainText(`${dashboard.home}/.local/share/open-multi-auth/store.json`);
  await expect(store).toContainText("not encrypted");
  await store.getByRole("link", { name: "Export or import" }).click();
  await expect(page.getByRole("heading", { name: "Backup" })).toBeInViewport();
});

test("a change that the disk refuses says so in its row and here, with what to do, until one is saved", async ({
  page,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  // Where the good copy should be there is a folder: nothing can be saved.
  const copy = `${dashboard.home}/.local/share/open-multi-auth/store.json.lkg`;
  await rm(copy, { force: true });
  await mkdir(copy);
  await switchOf(page, "lab").click();
  await expect(rowOf(page, "lab").getByRole("alert")).toContainText(
    /Still on\. the store cannot be used: .* is not a regular file: move .* away/,
  );
  await page.getByRole("link", { name: "Health" }).click();
  const store = page.getByRole("region", { name: "Store" });
  await expect(store).toContainText("Failing");
  await expect(store.getByRole("alert")).toContainText(
    /is not a regular file.*To mend it, move .*STORE_PATH_UNSAFE/,
  );
  await rmdir(copy);
  await page.getByRole("link", { name: "Pool" }).click();
  await rowOf(page, "lab").getByRole("button", { name: "Turn off again" }).click();
  await expect(switchOf(page, "lab")).toHaveAttribute("data-s", "off");
  await page.getByRole("link", { name: "Health" }).click();
  await expect(store).toContainText("Read and written");
});

test("OBS-04: success rate, failovers, requests and the added delay are those that `oma metrics` prints", async ({
  page,
  open,
  agent,
}) => {
  const dashboard = await open({
    accounts: [TWO[0], { alias: "home", fiveHour: [90, 3], weekly: [90, 80] }],
  });
  const traffic = await agent(dashboard);
  const { text } = await traffic.ask("one");
  dashboard.sim.drain(text.includes("home answered") ? "home" : "lab", "fiveHour");
  for (const conversation of ["one", "two", "three"]) await traffic.ask(conversation);
  // Records are written behind, within a second.
  const counted = async () => JSON.parse(await dashboard.oma("metrics", "--json"));
  await expect.poll(async () => (await counted()).requests.total).toBe(4);
  const metrics = await counted();
  expect(metrics).toMatchObject({ requests: { served: 4 }, interruptionsKept: 1, failovers: 1 });
  await page.getByRole("link", { name: "Health" }).click();
  const figure = (title: string) =>
    page
      .locator(".read > div")
      .filter({ has: page.getByText(title, { exact: true }) })
      .locator("dd")
      .first();
  await expect(figure("Answered")).toHaveText("100%");
  await expect(figure("Requests")).toHaveText("4");
  await expect(figure("Moved unseen")).toHaveText("1");
  const shown = async (title: string) => Number.parseFloat((await figure(title).textContent()) ?? "");
  expect(Math.abs((await shown("Added delay, median")) - metrics.addedLatencyMs.p50)).toBeLessThan(1);
  expect(Math.abs((await shown("Added delay, p95")) - metrics.addedLatencyMs.p95)).toBeLessThan(1);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("region", { name: "Share" })).toContainText("4 requests");
});

test("the log tells requests, changes and incidents, and follows what happens", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await page.getByRole("link", { name: "Health" }).click();
  const log = page.getByRole("region", { name: "Log" });
  await dashboard.oma("settings", "set", "lowThreshold", "44");
  await expect(log.getByRole("listitem").filter({ hasText: "lowThreshold" })).toContainText(
    "settings.change",
  );
  await log.getByRole("button", { name: "Errors" }).click();
  await expect(log.getByRole("listitem").filter({ hasText: "lowThreshold" })).toHaveCount(0);
  expect(await seriousFindings(page)).toEqual([]);
});

const rank = (word: string) => ["Fails", "Warns", "Passes"].indexOf(word);
