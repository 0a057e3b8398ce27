import { describe, expect, it } from "vitest";
import { duration, forecast, forecastMoment } from "./time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const spaced = (text: string): string => text.replaceAll("\u202F", " ");

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [-5_000, "0 s"],
    [40_999, "40 s"],
    [3 * MINUTE + 20_000, "3 m"],
    [2 * HOUR + 12 * MINUTE + 59_000, "2 h 12 m"],
    [3 * HOUR, "3 h"],
    [76 * HOUR + 30 * MINUTE, "3 d 4 h"],
    [72 * HOUR + 30 * MINUTE, "3 d"],
  ])("says %i ms as %s", (ms, text) => {
    expect(spaced(duration(ms))).toBe(text);
  });
});

describe("forecast", () => {
  it.each([
    [76 * HOUR + 29 * MINUTE, "3 d 4 h"],
    [2 * HOUR + 14 * MINUTE, "2 h 10 m"],
    [33 * MINUTE, "35 m"],
    [1_000, "5 m"],
  ])("rounds %i ms to what it deserves: %s", (ms, text) => {
    expect(spaced(forecast(ms))).toBe(text);
  });

  it("names an instant as exactly as its distance allows", () => {
    const now = new Date(2026, 10, 21, 14, 8).getTime();
    expect(forecastMoment(now + 40 * MINUTE, now)).toBe("14:50");
    expect(forecastMoment(now + 52 * HOUR, now)).toBe("Mon 18:00");
  });
});
