import { describe, expect, it } from "vitest";
import { createDeadlines } from "./deadlines.ts";

describe("createDeadlines", () => {
  it("meets each deadline no earlier than asked for, and at most two ticks later", () => {
    const { deadlines, runUntil } = clockwork(10);
    const met: number[] = [];
    for (const ms of [5, 10, 25, 100]) deadlines.after(ms, () => met.push(ms));
    runUntil(24);
    expect(met).toEqual([5, 10]);
    runUntil(45);
    expect(met).toEqual([5, 10, 25]);
    runUntil(120);
    expect(met).toEqual([5, 10, 25, 100]);
  });

  it("forgets deadlines that are called off, and rests when none is left", () => {
    const { deadlines, runUntil, armed } = clockwork(10);
    const cancel = deadlines.after(50, () => expect.unreachable());
    deadlines.after(200, () => expect.unreachable())();
    cancel();
    runUntil(10);
    expect(armed()).toBe(0);
    runUntil(300);
    let met = false;
    deadlines.after(10, () => (met = true));
    runUntil(330);
    expect(met).toBe(true);
  });
});

function clockwork(tickMs: number) {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => (timers = timers.filter((other) => other !== timer));
  };
  function runUntil(end: number): void {
    for (;;) {
      const due = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      now = due.at;
      timers = timers.filter((timer) => timer !== due);
      due.run();
    }
    now = end;
  }
  return { deadlines: createDeadlines({ after }, tickMs), runUntil, armed: () => timers.length };
}
