/** The window that reads a file on purpose. */
export const CALIBRATION = "calibration";

export type WindowKind = "begin" | "end";

/** The path whose lookup marks the begin or end of a window in a trace. */
export const markerPath = (kind: WindowKind, name: string): string => `/oma-bench-window/${kind}/${name}`;

/** Finds a marker in a line of a trace. */
export function markerIn(line: string): { kind: WindowKind; name: string } | undefined {
  const [, kind, name] = /"\/oma-bench-window\/(begin|end)\/([\w-]+)"/u.exec(line) ?? [];
  return name === undefined ? undefined : { kind: kind as WindowKind, name };
}
