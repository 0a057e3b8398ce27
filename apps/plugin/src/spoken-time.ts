import type { DurationMs } from "@open-multi-auth/domain";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WORDS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty",
];
const TENS = ["", "ten", "twenty", "thirty", "forty", "fifty"];

/** A length of time in words, rounded to what a person plans with, without any digit: "about two hours". */
export function spokenDuration(duration: DurationMs): string {
  if (duration < MINUTE) return "less than a minute";
  if (duration < 50 * MINUTE) return `about ${minutes(duration)}`;
  if (duration < 36 * HOUR) return `about ${count(Math.round(duration / HOUR), "hour")}`;
  return `about ${count(Math.round(duration / DAY), "day")}`;
}

function minutes(duration: DurationMs): string {
  const exact = Math.round(duration / MINUTE);
  return exact <= 10 ? count(exact, "minute") : `${TENS[Math.round(exact / 10)]} minutes`;
}

function count(n: number, unit: string): string {
  if (n === 1) return unit === "hour" ? "an hour" : `a ${unit}`;
  return `${spokenNumber(n)} ${unit}s`;
}

function spokenNumber(n: number): string {
  const word = WORDS[n];
  if (word !== undefined) return word;
  const tens = TENS[Math.floor(n / 10)];
  if (tens === undefined) return "many";
  return n % 10 === 0 ? tens : `${tens}-${WORDS[n % 10]}`;
}
