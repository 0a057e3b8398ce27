import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { expect, gateOf, overflowOf, rowOf, test } from "./rig.ts";
import { TWO } from "./two-accounts.ts";

/** In the tab that opens, signs in as an account. */
async function signIn(context: BrowserContext, begin: () => Promise<void>, alias: string): Promise<void> {
  const opened = context.waitForEvent("page");
  await begin();
  const tab: Page = await opened;
  await tab.getByRole("link", { name: new RegExp(alias) }).click();
  await expect(tab.getByText("open-multi-auth, on this machine")).toBeVisible();
  await tab.close();
}

test("ACC-10: re-auth shows idle, in progress and success, and renews this account only", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({
    accounts: TWO.map((one) => (one.alias === "work" ? { ...one, more: { authInvalid: true } } : one)),
  });
  const button = rowOf(page, "work").locator("[data-ra]");
  await expect(button).toHaveAttribute("data-ra", "idle");
  await expect(rowOf(page, "work")).toContainText("Signed out");
  const before = { work: await dashboard.account("work"), home: await dashboard.account("home") };
  await signIn(
    context,
    async () => {
      await button.click();
      await expect(button).toHaveAttribute("data-ra", "in-progress");
      await expect(rowOf(page, "work")).toContainText("Finish signing in as work in your browser");
    },
    "work",
  );
  await expect(button).toHaveAttribute("data-ra", "success");
  await expect(button).toHaveAttribute("data-ra", "idle");
  await expect(rowOf(page, "work")).not.toContainText("Signed out");
  const after = { work: await dashboard.account("work"), home: await dashboard.account("home") };
  expect(after.work.refreshToken).not.toBe(before.work.refreshToken);
  expect(after.home.refreshToken).toBe(before.home.refreshToken);
});

test("ACC-10: re-auth as somebody else shows an error, and changes nothing", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({ accounts: TWO });
  const before = { work: await dashboard.account("work"), home: await dashboard.account("home") };
  const button = rowOf(page, "work").locator("[data-ra]");
  await signIn(context, () => button.click(), "home");
  await expect(button).toHaveAttribute("data-ra", "error");
  await expect(button).toHaveText(/^Retry/);
  await expect(rowOf(page, "work").getByRole("alert")).toContainText(/Nothing changed\..*IDENTITY_MISMATCH/);
  expect((await dashboard.account("work")).refreshToken).toBe(before.work.refreshToken);
});

test("ACC-10: re-auth can be called off in its row; a disabled account has none", async ({
  page,
  context,
  open,
}) => {
  await open({
    accounts: TWO.map((one) => (one.alias === "home" ? { ...one, more: { enabled: false } } : one)),
  });
  await expect(rowOf(page, "home").locator("[data-ra]")).toHaveCount(0);
  const opened = context.waitForEvent("page");
  const button = rowOf(page, "work").locator("[data-ra]");
  await button.click();
  await (await opened).close();
  await rowOf(page, "work").getByRole("button", { name: "Cancel" }).click();
  await expect(button).toHaveAttribute("data-ra", "idle");
});

test("ACC-10: a sign-in in the browser goes on with a code where that is wished for", async ({
  page,
  open,
}) => {
  await open({ accounts: TWO });
  const row = rowOf(page, "work");
  await row.getByRole("button", { name: "Re-auth" }).click();
  await row.getByRole("button", { name: "Use a code" }).click();
  await expect(row).toContainText(/as work and enter \w{4}-\w{5}/);
  await expect(row).not.toContainText("REAUTH_IN_PROGRESS");
});

test("a sign-in that is given up while it starts opens no tab and waits for nobody", async ({
  page,
  context,
  open,
}) => {
  await open({ accounts: TWO });
  const gate = gateOf();
  await page.route("**/api/accounts", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.getByRole("button", { name: "Link account" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  const cancelled = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  gate.resolve();
  expect(await (await cancelled).json()).toMatchObject({ phase: "cancelled" });
  expect(context.pages()).toHaveLength(1);
});

test("a sign-in that waits goes on after a reload, and can be given up", async ({ page, open }) => {
  await open({ accounts: TWO });
  await page.getByRole("button", { name: "Link account" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  const port = await page.getByRole("dialog").getByText("Waiting on port").textContent();
  await page.reload();
  await page.getByRole("button", { name: "Link account" }).click();
  await expect(page.getByRole("dialog").getByText("Waiting on port")).toHaveText(port ?? "");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
});

test("an account that is off and linked again is not said to take requests", async ({
  page,
  context,
  open,
}) => {
  await open({ accounts: [TWO[1], { ...TWO[0], more: { enabled: false } }] });
  await page.getByRole("button", { name: "Link account" }).click();
  await signIn(context, () => page.getByRole("button", { name: "Continue" }).click(), "work");
  await expect(page.getByRole("dialog")).toContainText(
    "It is off, and takes no request until it is turned on",
  );
  await page.getByRole("button", { name: "Done" }).click();
  await expect(rowOf(page, "work")).not.toContainText("ACCOUNT_DISABLED");
});

test("hidden e-mail addresses are hidden in what went wrong too", async ({ page, context, open }) => {
  await open({ accounts: TWO });
  await page.getByRole("button", { name: "Hide e-mail addresses" }).click();
  await signIn(context, () => rowOf(page, "work").locator("[data-ra]").click(), "home");
  await expect(rowOf(page, "work")).toContainText("IDENTITY_MISMATCH");
  expect(await rowOf(page, "work").innerText()).not.toContain("@");
});

test("a long name of a plan gives way to the alias on a narrow window", async ({ page, open }) => {
  const alias = "a-long-alias-of-a-client";
  await open({
    accounts: [{ ...TWO[0], alias, more: { planType: "self_serve_business_usage_based" } }, TWO[1]],
  });
  await page.setViewportSize({ width: 360, height: 800 });
  const name = rowOf(page, alias).locator(".alias");
  await expect.poll(() => name.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  expect(await overflowOf(page)).toBe(0);
});

test("the only account, signed out, is not said to have others that answer for it", async ({
  page,
  open,
}) => {
  await open({ accounts: [{ ...TWO[0], more: { authInvalid: true } }] });
  await expect(rowOf(page, "work")).toContainText("No other account can answer meanwhile");
});

test("an account is linked in the browser, from an empty pool to its first reading", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({ prepare: (sim) => void sim.addAccount({ alias: "studio" }) });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Link your first account");
  await page.getByRole("button", { name: "Link account" }).click();
  await page.getByLabel("Alias").fill("studio");
  await signIn(context, () => page.getByRole("button", { name: "Continue" }).click(), "studio");
  const dialog = page.getByRole("dialog", { name: "studio is linked" });
  await expect(dialog).toContainText("studio@example.test");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, "studio").locator(".m-v")).toHaveText(["100%", "100%"]);
  expect(Object.keys((await dashboard.store()).accounts)).toEqual(["studio"]);
});

test("what the Codex CLI is signed in as is linked with one click, and offered no more", async ({
  page,
  serve,
}) => {
  const dashboard = await serve();
  const { tokens, accountId, email } = dashboard.sim.addAccount({ alias: "codex" });
  const { accessToken: access_token, refreshToken: refresh_token, idToken: id_token } = tokens;
  await mkdir(join(dashboard.home, ".codex"));
  await writeFile(
    join(dashboard.home, ".codex/auth.json"),
    JSON.stringify({ tokens: { access_token, refresh_token, id_token, account_id: accountId } }),
    { mode: 0o600 },
  );
  await page.goto(dashboard.launchUrl);
  const line = page.getByRole("listitem").filter({ hasText: "The Codex CLI is signed in as" }).last();
  await expect(line).toContainText(email);
  await line.getByRole("button", { name: "Import" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is linked" })).toBeVisible();
  const [account] = Object.values((await dashboard.store()).accounts);
  expect(account?.email).toBe(email);
  await expect(rowOf(page, account?.alias ?? "").locator(".m-v")).toHaveText(["100%", "100%"]);
  await page.getByRole("button", { name: "Link account" }).click();
  await expect(page.getByLabel("Alias")).toBeVisible();
  await expect(page.getByText("is signed in as")).toHaveCount(0);
});

test("an account is linked with a code, whose address is a QR code too", async ({ page, open }) => {
  const dashboard = await open({ prepare: (sim) => void sim.addAccount({ alias: "phone" }) });
  await page.getByRole("button", { name: "Use a code" }).click();
  await page.getByLabel("Alias").fill("phone");
  await page.getByRole("button", { name: "Continue" }).click();
  const code = page.locator(".uc");
  await expect(code).toHaveText(/\w{4}-\w{4,5}/);
  await expect(page.getByRole("img", { name: /^QR code of http/ })).toBeVisible();
  const address = `${dashboard.sim.issuerUrl}/codex/device?user_code=${await code.textContent()}&sim_account=phone`;
  expect((await fetch(address)).ok).toBe(true);
  await expect(page.getByRole("dialog", { name: "phone is linked" })).toBeVisible({ timeout: 20_000 });
});

test("an alias that is taken is said at once, with one that is free; Escape closes and calls off", async ({
  page,
  open,
}) => {
  await open({ accounts: TWO });
  const opener = page.getByRole("button", { name: "Link account" });
  await opener.click();
  await page.getByLabel("Alias").fill("work");
  await expect(page.getByRole("alert")).toHaveText("work is taken. work-2 is free.");
  await expect(page.getByRole("button", { name: "Continue" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
});
