import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Dashboard } from "./dashboard.ts";
import { expect, seriousFindings, test } from "./rig.ts";

const ONE = [{ alias: "work", fiveHour: [60, 3], weekly: [55, 80] }] as const;

const panel = (page: Page) => page.getByRole("region", { name: "Antigravity" });
const flag = (page: Page) => page.getByRole("switch", { name: "Antigravity panel" });
const to = (page: Page, view: string) => page.getByRole("link", { name: new RegExp(`^${view}`) }).click();

test("ISO-05: the panel is absent while its flag is off, there once it is on, and gone again when it is off", async ({
  page,
  open,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/antigravity/i.test(request.url())) asked.push(new URL(request.url()).pathname);
  });
  const dashboard = await open({ accounts: ONE });
  await antigravityAccounts(dashboard);
  await to(page, "Health");
  await expect(page.getByRole("region", { name: "Checks" })).toBeVisible();
  await expect(panel(page)).toHaveCount(0);
  expect(asked).toEqual([]);

  await turn(page, true);
  await to(page, "Health");
  await expect(panel(page)).toContainText("read-only");
  await expect(panel(page).getByRole("row")).toContainText([
    /1, in use/,
    /claude\s*0%\s*1\s*h|claude\s*0%\s*59\s*m/,
  ]);
  await expect(panel(page)).not.toContainText("@");
  expect(await seriousFindings(page)).toEqual([]);
  await page.reload();
  await expect(panel(page)).toBeVisible();

  await turn(page, false);
  await to(page, "Health");
  await expect(page.getByRole("region", { name: "Checks" })).toBeVisible();
  await expect(panel(page)).toHaveCount(0);
  const before = asked.length;
  await page.reload();
  await expect(page.getByRole("region", { name: "Checks" })).toBeVisible();
  expect(asked.length).toBe(before);
  expect((await dashboard.store()).settings).toEqual({});
});

async function turn(page: Page, isOn: boolean): Promise<void> {
  await to(page, "Settings");
  await flag(page).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toHaveCount(0);
  await expect(flag(page)).toHaveAttribute("aria-checked", String(isOn));
}

/** The file of Antigravity's own plugin. */
async function antigravityAccounts({ home }: Dashboard): Promise<void> {
  const folder = join(home, ".config/opencode");
  await mkdir(folder, { recursive: true });
  const accounts = [
    { email: "mara@home.example", refreshToken: "1//first" },
    {
      email: "mara@work.example",
      refreshToken: "1//second",
      rateLimitResetTimes: { claude: Date.now() + 3_600_000 },
    },
  ];
  await writeFile(join(folder, "antigravity-accounts.json"), JSON.stringify({ accounts, activeIndex: 0 }));
}
