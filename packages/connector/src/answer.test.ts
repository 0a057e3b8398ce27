import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { ANSWER, scripted, streamed, type Move } from "../test/scripted.ts";

const answering =
  (usedPercent: number): Move =>
  () =>
    streamed(ANSWER, {
      "x-codex-primary-used-percent": String(usedPercent),
      "x-codex-primary-window-minutes": "300",
      "x-codex-primary-reset-after-seconds": "1000",
    });

describe("an answer that has ended", () => {
  it("CON-14: its limits are of when it began, so a longer one does not undo a later reading", async () => {
    const { connector, pool, clock } = scripted({ a: [answering(40), answering(70)] });
    const began = clock.now();
    const long = (await connector.handle(prompt()))._unsafeUnwrap();
    clock.offsetMs += 5_000;
    const short = (await connector.handle(prompt()))._unsafeUnwrap();
    await short.text();
    clock.offsetMs += 60_000;
    await long.text();
    const fiveHour = pool.account("a").observed?.fiveHour;
    expect(fiveHour?.remaining).toBe(30);
    expect((fiveHour?.updatedAt ?? 0) - began).toBeLessThan(60_000);
    expect((fiveHour?.resetAt ?? 0) - began).toBeLessThan(1_060_000);
  });
});
