import type { ReplyHeaders } from "./reply.ts";
import { resetOf, windowMinutes, windowsAt, type QuotaWindow } from "./windows.ts";

/** The `x-codex-*` headers: the first window is sent as primary, the second as secondary. */
export function limitHeaders(windows: readonly QuotaWindow[], now: number): ReplyHeaders {
  const headers: Record<string, string> = {};
  for (const [index, window] of windowsAt(windows, now).entries()) {
    const slot = `x-codex-${index === 0 ? "primary" : "secondary"}`;
    headers[`${slot}-used-percent`] = String(Math.floor(window.usedPercent));
    headers[`${slot}-window-minutes`] = String(windowMinutes[window.name]);
    headers[`${slot}-reset-at`] = String(resetOf(window, now) / 1000);
  }
  return headers;
}
