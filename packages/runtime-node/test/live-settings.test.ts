import type { DecisionRecord, Strategy } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { createRig, nextTurn, type Rig } from "./rig.ts";

const THREE = ["a", "b", "c"].map((alias) => ({ alias, percentPerRequest: { fiveHour: 0, weekly: 0 } }));
type Choice = readonly [strategy: Strategy, weights: Readonly<Record<string, number>>];

describe("settings of a pool at work", () => {
  it("SET-05: a thousand requests over HTTP are shared by the weights", async () => {
    await using rig = await createRig(THREE);
    await choose(rig, ["weighted-round-robin", { a: 1, b: 0.6, c: 0.4 }]);
    const served = new Map<string, number>();
    for (let request = 0; request < 1_000; request += 1) {
      const { text } = await rig.ask();
      const alias = text[text.indexOf(" answered") - 1] ?? "";
      served.set(alias, (served.get(alias) ?? 0) + 1);
    }
    expect(Object.fromEntries(served)).toEqual({ a: 500, b: 300, c: 200 });
  });

  it("SET-09: a change applies from the next selection on, and wholly, while requests are under way", async () => {
    await using rig = await createRig(THREE);
    const choices: readonly Choice[] = [
      ["round-robin", {}],
      ["weighted-round-robin", { a: 0.2 }],
      ["least-used", { b: 0.3 }],
      ["headroom", { c: 0.4 }],
      ["random", { a: 0.5 }],
    ];
    for (const [index, choice] of choices.entries()) {
      const before = choices[index - 1] ?? choices[0];
      const name = (turn: number): string => `ses_${index}_${turn}`;
      const underWay = [0, 1, 2, 3].map((turn) => rig.ask(name(turn)));
      await choose(rig, choice);
      await rig.ask(name(4));
      await Promise.all(underWay);
      const records = await recordsOf(rig, [0, 1, 2, 3, 4].map(name));
      expect(choiceIn(records.get(name(4)))).toEqual(choice);
      for (const record of records.values()) expect([before, choice]).toContainEqual(choiceIn(record));
    }
  });
});

async function choose(rig: Rig, [rotationStrategy, accountWeights]: Choice): Promise<void> {
  const settings = { accountWeights, sessionAffinity: "off" as const };
  (await rig.pool.store.update((store) => ok({ ...store, rotationStrategy, settings })))._unsafeUnwrap();
}

/** The records of these conversations, once all of them are on disk. */
async function recordsOf(rig: Rig, conversations: readonly string[]): Promise<Map<string, DecisionRecord>> {
  for (;;) {
    (await rig.pool.flush())._unsafeUnwrap();
    const records = (await rig.pool.decisions.read(100))._unsafeUnwrap();
    const found = new Map(records.map((record) => [record.sessionId ?? "", record]));
    if (conversations.every((one) => found.has(one)))
      return new Map([...found].filter(([one]) => conversations.includes(one)));
    await nextTurn();
  }
}

function choiceIn(record: DecisionRecord | undefined): readonly unknown[] {
  const settings = record?.replay["settings"] as { accountWeights?: object } | undefined;
  return [record?.strategy, settings?.accountWeights ?? {}];
}
