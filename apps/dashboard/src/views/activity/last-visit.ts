import { useEffect, useState } from "preact/hooks";

const KEY = "oma.activity.left";

/** When this browser looked at the requests last, before now; the instant is noted on leaving. */
export function useLastVisit(): number | undefined {
  const [leftAt] = useState(() => {
    const kept = Number(localStorage.getItem(KEY));
    return kept > 0 ? kept : undefined;
  });
  useEffect(() => {
    const leave = (): void => localStorage.setItem(KEY, String(Date.now()));
    const hide = (): void => {
      if (document.visibilityState === "hidden") leave();
    };
    document.addEventListener("visibilitychange", hide);
    window.addEventListener("pagehide", leave);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  return leftAt;
}
