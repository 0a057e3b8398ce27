import type { ApiCall, FailureView } from "@open-multi-auth/loopback-api/client";

const LAUNCH = "#launch=";

/** Whether the address carries a code. */
export const hasCode = ({ location }: Window): boolean => location.hash.startsWith(LAUNCH);

/**
 * Begins the session of a page that `oma dashboard` opened: its address carries a one-time code, which is exchanged for a
 * cookie and taken out of the address and the history.
 *
 * @returns why the session could not begin; nothing where it did, or where there was no code
 */
export async function beginSession(call: ApiCall, window: Window): Promise<FailureView | undefined> {
  const { hash, pathname } = window.location;
  if (!hasCode(window)) return undefined;
  window.history.replaceState(null, "", `${pathname}#/pool`);
  const result = await call("POST /api/session", { body: { code: hash.slice(LAUNCH.length) } });
  return result.ok ? undefined : result.error;
}
