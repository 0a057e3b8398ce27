import type { Page } from "@playwright/test";
import type { Seed } from "./seed.ts";

/** Two accounts with room to spare. */
export const TWO = [
  { alias: "work", fiveHour: [60, 3], weekly: [55, 80] },
  { alias: "home", fiveHour: [80, 2], weekly: [70, 90] },
] as const satisfies readonly Seed[];

/** Takes something from the menu of an account. */
export async function choose(page: Page, alias: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${alias}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}
