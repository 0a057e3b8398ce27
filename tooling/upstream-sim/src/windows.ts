export type WindowName = "fiveHour" | "weekly";

/** One quota. It starts with its first use and is fresh again once `resetsAt` (epoch ms) has come. */
export interface QuotaWindow {
  readonly name: WindowName;
  /** 0 to 100. */
  readonly usedPercent: number;
  /** Whole seconds as epoch ms; null until the first use. */
  readonly resetsAt: number | null;
}

export const windowMinutes: Readonly<Record<WindowName, number>> = { fiveHour: 300, weekly: 10_080 };

export function freshWindows(names: readonly WindowName[]): readonly QuotaWindow[] {
  return names.map((name) => ({ name, usedPercent: 0, resetsAt: null }));
}

/** The windows as they stand at `now`: those whose reset has come are fresh. */
export function windowsAt(windows: readonly QuotaWindow[], now: number): readonly QuotaWindow[] {
  return windows.map((window) =>
    window.resetsAt !== null && window.resetsAt <= now
      ? { name: window.name, usedPercent: 0, resetsAt: null }
      : window,
  );
}

/** Adds `percent` to each window it names; a use of 0 still starts the window. */
export function spend(
  windows: readonly QuotaWindow[],
  percent: Readonly<Partial<Record<WindowName, number>>>,
  now: number,
): readonly QuotaWindow[] {
  return windowsAt(windows, now).map((window) => ({
    name: window.name,
    usedPercent: addPercent(window.usedPercent, percent[window.name] ?? 0),
    resetsAt: resetOf(window, now),
  }));
}

/** Sets one window's use, starting it if need be. */
export function setUsed(
  windows: readonly QuotaWindow[],
  name: WindowName,
  usedPercent: number,
  now: number,
): readonly QuotaWindow[] {
  return windowsAt(windows, now).map((window) =>
    window.name === name ? { name, usedPercent, resetsAt: resetOf(window, now) } : window,
  );
}

/** The used-up window that holds the account longest, or null while every window has room. */
export function exhaustedWindow(windows: readonly QuotaWindow[], now: number): QuotaWindow | null {
  const dry = windowsAt(windows, now).filter((window) => window.usedPercent >= 100);
  return dry.toSorted((a, b) => resetOf(b, now) - resetOf(a, now))[0] ?? null;
}

/** When the window resets if used at `now`; rounded up, so at the published second it truly is fresh. */
export function resetOf(window: QuotaWindow, now: number): number {
  return window.resetsAt ?? Math.ceil(now / 1000) * 1000 + windowMinutes[window.name] * 60_000;
}

// Rounded, so that 1000 uses of 0.1 % make 100 % and not 99.999…
function addPercent(used: number, more: number): number {
  return Math.min(100, Math.round((used + more) * 1000) / 1000);
}
