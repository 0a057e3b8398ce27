import { epochMs, type Account } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyOf, historyPoint, NOW } from "../test/histories.ts";
import { isPacked, joinHistory, packHistory, unpackHistory } from "./packed-history.ts";

type History = Account["rateLimitHistory"];

describe("packHistory", () => {
  it("tells of each entry what is new, and that in short", () => {
    const history: History = [
      { at: NOW, source: "codex-exec", fiveHour: historyPoint(80, null), weekly: historyPoint(12.5, NOW) },
      { at: NOW, source: "codex-exec", fiveHour: historyPoint(80, null), weekly: historyPoint(12, NOW) },
      { at: epochMs(NOW + 5), source: "import", weekly: historyPoint(12, null) },
    ];
    expect(packHistory(history)).toBe(`${NOW},e,80,,12.5,${NOW};0,,,,12,;5,i,x,,,n`);
  });

  it("gives back every history that it packs", () => {
    fc.assert(
      fc.property(historyOf({ sorted: true }), (history) => {
        const packed = packHistory(history);
        expect(isPacked(packed)).toBe(true);
        expect(unpackHistory(packed ?? "")).toEqual(history);
      }),
    );
  });

  it("packs what it unpacked as the same text", () => {
    fc.assert(
      fc.property(historyOf({ sorted: true }), (history) => {
        const packed = packHistory(history) ?? "";
        expect(packHistory(unpackHistory(packed))).toBe(packed);
        expect(packHistory(structuredClone(unpackHistory(packed)))).toBe(packed);
      }),
    );
  });

  it.each<[string, History]>([
    ["nothing", []],
    ["an entry out of order", [entry(5), entry(4)]],
    ["a fraction of a millisecond", [entry(4.5)]],
    ["a reset at a fraction of a millisecond", [{ ...entry(4), weekly: historyPoint(1, 4.5) }]],
    ["an instant beyond all calendars", [entry(1e15)]],
    ["a number that is told with an exponent", [{ ...entry(4), weekly: historyPoint(1e-9, 4) }]],
    ["a field of an entry that is not known", [{ ...entry(4), later: 1 }]],
    ["a field of a window that is not known", [{ ...entry(4), weekly: { ...historyPoint(1, 4), later: 1 } }]],
    ["more than a hundred entries", Array.from({ length: 101 }, (_, at) => entry(at))],
  ])("does not pack %s", (_, history) => {
    expect(packHistory(history)).toBeUndefined();
  });

  it("takes a hundred points of a probe every five minutes in less than 2 kB", () => {
    const history = Array.from({ length: 100 }, (_, point) => ({
      ...entry(NOW + point * 300_000),
      fiveHour: historyPoint(100 - point, NOW + 18_000_000),
      weekly: historyPoint(90, NOW + 604_800_000),
    }));
    expect(packHistory(history)?.length).toBeLessThan(2000);
  });
});

describe("isPacked", () => {
  it.each([
    "",
    ";",
    "1",
    "1,,,,",
    "1,,,,,,",
    "1,,,,,;",
    "1,z,,,,",
    "-1,,,,,",
    "1.5,,,,,",
    "1,,y,,,",
    "1,,1e5,,,",
    "1,,,x,,",
    "1,,,-1,,",
    " 1,,,,,",
    "1,,,,,\n",
    "1234567890123456,,,,,",
    Array.from({ length: 101 }, () => "1,,,,,").join(";"),
  ])("refuses %j", (text) => {
    expect(isPacked(text)).toBe(false);
  });

  it.each([5, null, undefined, ["1,,,,,"]])("refuses %j, which is no text", (value) => {
    expect(isPacked(value)).toBe(false);
  });

  it.each([
    ",,,,,",
    "1,u,x,n,x,n",
    "1,,-3.25,,100,12",
    Array.from({ length: 100 }, () => "1,,,,,").join(";"),
  ])("takes %j", (text) => {
    expect(isPacked(text)).toBe(true);
  });
});

describe("joinHistory", () => {
  const packed = packHistory(Array.from({ length: 99 }, (_, at) => entry(at))) ?? "";

  it("appends what another version wrote in full, and keeps the newest hundred", () => {
    expect(joinHistory(packed, [])).toHaveLength(99);
    const joined = joinHistory(packed, [entry(200), entry(201)]);
    expect([joined.length, joined[0]?.at, joined.at(-1)?.at]).toEqual([100, 1, 201]);
  });
});

function entry(at: number): History[number] {
  return { at: epochMs(at), source: "usage-endpoint" };
}
