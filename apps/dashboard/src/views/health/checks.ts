import type { DoctorReport } from "@open-multi-auth/loopback-api/client";
import type { GlyphName } from "../../components/glyph.tsx";
import { count } from "../../format/count.ts";

/** What one check found. */
export type Check = DoctorReport["checks"][number];

/** How a check ended, as shape and word; what is fine is plain. */
export const CHECK_STATES: Readonly<Record<Check["status"], { glyph: GlyphName; word: string }>> = {
  fail: { glyph: "fail", word: "Fails" },
  warn: { glyph: "warn", word: "Warns" },
  ok: { glyph: "pass", word: "Passes" },
};

const RANK: Readonly<Record<Check["status"], number>> = { fail: 0, warn: 1, ok: 2 };

/** What needs the person first; the rest in the order of the checks. */
export const byUrgency = (checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => RANK[a.status] - RANK[b.status]);

/** `5 pass, 1 warns, 1 fails`. */
export function countsText(checks: readonly Check[]): string {
  const number = (status: Check["status"]): number =>
    checks.filter((check) => check.status === status).length;
  const [passing, warning, failing] = [number("ok"), number("warn"), number("fail")];
  return [
    `${passing} ${passing === 1 ? "passes" : "pass"}`,
    ...(warning > 0 ? [`${warning} ${warning === 1 ? "warns" : "warn"}`] : []),
    ...(failing > 0 ? [`${failing} ${failing === 1 ? "fails" : "fail"}`] : []),
  ].join(", ");
}

/** The view's answer, in two parts to set apart by weight. */
export function headline(checks: readonly Check[]): { readonly strong: string; readonly rest: string } {
  const failing = checks.filter(({ status }) => status === "fail").length;
  if (failing > 0)
    return { strong: count(failing, "check"), rest: `${failing === 1 ? "fails" : "fail"}, the rest works` };
  const warning = checks.filter(({ status }) => status === "warn").length;
  if (warning > 0)
    return {
      strong: "Everything works",
      rest: `, ${count(warning, "check")} ${warning === 1 ? "warns" : "warn"}`,
    };
  return { strong: "Everything", rest: "works" };
}

/** A finding as a sentence; what begins with a path or a name stays as it is. */
export function sentence(text: string): string {
  const whole = /[.!?)]$/.test(text) || !text.includes(" ") ? text : `${text}.`;
  return /^[a-z]+[ ,;:]/.test(whole) ? whole.replace(/^./, (first) => first.toUpperCase()) : whole;
}

/** The name of a check as a title. */
export const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The account that a check is about, where one is: `login work`. */
export const aliasOf = ({ name }: Check): string | undefined =>
  /^(?:login|limits) (?<alias>\S+)$/.exec(name)?.groups?.["alias"];

/** Findings to paste into an issue: no path below a home folder, no address. */
export function issueText(report: DoctorReport, version: string): string {
  const lines = byUrgency(report.checks).map(
    ({ name, status, message }) => `- ${status} ${name}: ${hidden(message)}`,
  );
  return [`open-multi-auth ${version}, checked ${report.ranAt}`, "", ...lines].join("\n");
}

/** The person's name is in paths and addresses. */
const hidden = (text: string): string =>
  text
    .replaceAll(/(?:\/home\/|\/Users\/|[A-Za-z]:\\Users\\)[^/\\\s]+/g, "~")
    .replaceAll(/[^\s@"'<>]+@[^\s@"'<>]+\.[^\s@"'<>]+/g, "<e-mail>");
