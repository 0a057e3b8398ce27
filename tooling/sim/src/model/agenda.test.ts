import { describe, expect, it } from "vitest";
import { createAgenda } from "./agenda.ts";
import { createRandom } from "./random.ts";

describe("createAgenda", () => {
  it("runs what is due in order, the earlier added first at one instant, and nothing beyond the end", () => {
    const random = createRandom(1, "agenda");
    const agenda = createAgenda(0);
    const added = Array.from({ length: 500 }, (_, number) => ({
      at: Math.floor(random.next() * 60),
      number,
    }));
    const run: typeof added = [];
    for (const entry of added) agenda.add(entry.at, () => run.push(entry));
    agenda.runUntil(50);
    const due = added.filter(({ at }) => at < 50);
    expect(run).toEqual(due.toSorted((a, b) => a.at - b.at || a.number - b.number));
    expect(agenda.now).toBe(50);
  });

  it("takes up what its own entries add, at the earliest now", () => {
    const agenda = createAgenda(0);
    const seen: number[] = [];
    agenda.add(5, () => agenda.add(1, () => seen.push(agenda.now)));
    agenda.runUntil(10);
    expect(seen).toEqual([5]);
  });
});
