import type { Fetch } from "@open-multi-auth/domain";

/** The port over real HTTP; `patienceMs` shortens what a caller is ready to wait. */
export const realFetch =
  (patienceMs = 20_000): Fetch =>
  async (url, { timeoutMs, ...request }) => {
    const signal = AbortSignal.timeout(Math.min(timeoutMs, patienceMs));
    const answer = await fetch(url, { ...request, redirect: "manual", signal });
    const body = await answer.text();
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body };
  };
