import type { AccountView, EpochMs } from "@open-multi-auth/domain";

/** What stands in the way of work that needs so much. */
export type Judgement =
  /** The account that has most left, with the percent of its tightest window. */
  | { readonly kind: "enough" | "too-little"; readonly alias: string; readonly remaining: number }
  /** Nothing is known of any account that can serve. */
  | { readonly kind: "unknown" }
  /** No account can serve at all; `at` is when the first can again. */
  | { readonly kind: "none"; readonly at: string | undefined };

/** Whether one account that can serve has at least `minRemaining` percent left of every window it has. */
export function judge(views: readonly AccountView[], minRemaining: number, now: EpochMs): Judgement {
  const ready = views.filter(({ eligibility }) => eligibility.eligible);
  if (ready.length === 0) {
    const [at] = views.flatMap(({ eligibility }) => eligibility.at ?? []).toSorted();
    return { kind: "none", at };
  }
  const [most] = ready
    .flatMap((view) => {
      const remaining = tightest(view, now);
      return remaining === undefined ? [] : [{ alias: view.alias, remaining }];
    })
    .toSorted((a, b) => b.remaining - a.remaining);
  if (!most) return { kind: "unknown" };
  return { kind: most.remaining >= minRemaining ? "enough" : "too-little", ...most };
}

/** What is left for sure. Figures that are too old, or of a window that has been reset since, are no figures. */
function tightest({ limits, limitsConfidence }: AccountView, now: EpochMs): number | undefined {
  if (limits === null || limitsConfidence === "unknown") return undefined;
  const windows = [limits.fiveHour, limits.weekly].filter((window) => window !== null);
  const known = windows.filter(({ resetAt }) => resetAt === null || Date.parse(resetAt) > now);
  return known.length < windows.length || known.length === 0
    ? undefined
    : Math.min(...known.map(({ remaining }) => remaining));
}
