import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, seriousFindings, test } from "./rig.ts";

const TWO = [
  { alias: "work", fiveHour: [60, 3], weekly: [55, 80] },
  { alias: "home", fiveHour: [80, 2], weekly: [22, 90] },
] as const;
const PASSPHRASE = "correct horse battery staple";

test("a backup goes out encrypted, and comes in only after a preview", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const exporting = page.getByRole("dialog", { name: "Export accounts and settings" });
  await exporting.getByLabel("Passphrase").fill(PASSPHRASE);
  await exporting.getByLabel("Once more").fill("another");
  await expect(exporting.getByRole("alert")).toHaveText("This differs from the first");
  await expect(exporting.getByRole("button", { name: "Download" })).toBeDisabled();
  await exporting.getByLabel("Once more").fill(PASSPHRASE);
  expect(await seriousFindings(page)).toEqual([]);
  const download = page.waitForEvent("download");
  await exporting.getByRole("button", { name: "Download" }).click();
  const path = join(dashboard.home, "oma.backup.json");
  await (await download).saveAs(path);
  const text = await readFile(path, "utf8");
  const { refreshToken } = await dashboard.account("work");
  expect(text).not.toContain(refreshToken);
  expect(text).not.toContain("work");

  await dashboard.oma("remove", "home", "--yes");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const importing = page.getByRole("dialog", { name: "Import a backup" });
  await importing.getByLabel("Backup file").setInputFiles(path);
  await importing.getByRole("button", { name: "Preview" }).click();
  await importing.getByLabel("Passphrase of the backup").fill("wrong passphrase 1");
  await importing.getByRole("button", { name: "Preview" }).click();
  await expect(importing.getByRole("alert")).toContainText("This does not open it");
  await importing.getByLabel("Passphrase of the backup").fill(PASSPHRASE);
  await importing.getByRole("button", { name: "Preview" }).click();
  await expect(importing.getByRole("row")).toHaveText([/home\s*is added/]);
  expect(await seriousFindings(page)).toEqual([]);
  expect(Object.keys((await dashboard.store()).accounts)).toEqual(["work"]);
  await importing.getByRole("button", { name: "Import" }).click();
  await expect(importing).toHaveCount(0);
  await expect(page.getByLabel("Weight of home")).toBeVisible();
  expect(await dashboard.account("home")).toMatchObject({ refreshToken: expect.any(String) });
});

test("a file that is no backup changes nothing, and the dialog says so", async ({ page, open }) => {
  const dashboard = await open({ accounts: TWO });
  const before = JSON.stringify((await dashboard.store()).accounts);
  await page.goto(`${dashboard.url}/#/settings/backup`);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const file = { name: "x.json", mimeType: "application/json", buffer: Buffer.from('{"hello": 1}') };
  await page.getByLabel("Backup file").setInputFiles(file);
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("Nothing changed");
  expect(JSON.stringify((await dashboard.store()).accounts)).toBe(before);
});
