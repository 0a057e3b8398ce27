import { expect, it } from "vitest";
import { holdingScreen } from "./screen.ts";

it("holds lines while another program has the screen, and prints them after it", async () => {
  const lines: string[] = [];
  const screen = holdingScreen((line) => lines.push(line));
  screen.print("before");
  await screen.lend(async () => {
    screen.print("meanwhile");
    await Promise.resolve();
    expect(lines).toEqual(["before"]);
  });
  screen.print("after");
  expect(lines).toEqual(["before", "meanwhile", "after"]);
});
