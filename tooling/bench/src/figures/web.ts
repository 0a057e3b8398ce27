import type { Rig } from "../rig/rig.ts";
import { startChromium, type Chromium, type Paint } from "../rig/chromium.ts";
import { startDashboard, type BenchDashboard } from "../rig/dashboard.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const ACCOUNTS = [10, 60] as const;
const WIDTHS = [360, 768, 1440] as const;
const HEIGHT = 900;
const PROFILES = 3;
/** The first of a profile knows nothing; the others have the state of the one before, and the session. */
const VISITS = 3;
/** By then the page has its state, its readings and all events of the beginning. */
const LOOK_MS = 1_500;
const FIRST_PAINT_BOUND_MS = 300;

/** What a person sees of the page as it opens: when something is there, and whether it stays where it is. */
export async function measureWeb(rig: Rig): Promise<readonly Row[]> {
  const chromium = await startChromium(rig);
  try {
    const rows: Row[] = [];
    for (const accounts of ACCOUNTS) rows.push(...(await paintOf(rig, chromium, accounts)));
    return rows;
  } finally {
    await chromium?.close();
  }
}

async function paintOf(rig: Rig, chromium: Chromium | undefined, accounts: number): Promise<readonly Row[]> {
  const dashboard = await startDashboard(rig, accounts);
  try {
    const paints = chromium === undefined ? [] : await visits(chromium, dashboard);
    const times = paints.map(({ firstMs }) => firstMs);
    const moved = [...new Set(paints.flatMap((paint) => paint.moved))];
    return [
      {
        figure: `first contentful paint, ${accounts} accounts`,
        runtime: "Chromium",
        value: times.length === 0 ? undefined : median(times),
        unit: "ms",
        bound: FIRST_PAINT_BOUND_MS,
        note: `slowest ${Math.max(...times).toFixed(0)} ms of ${times.length} visits at ${WIDTHS.join(", ")} px`,
      },
      {
        figure: `layout shift, ${accounts} accounts`,
        runtime: "Chromium",
        value: paints.length === 0 ? undefined : Math.max(...paints.map(({ shift }) => shift)),
        unit: "score",
        bound: 0,
        note: moved.length === 0 ? "nothing moved in any visit" : `moved: ${moved.join(", ")}`,
      },
    ];
  } finally {
    await dashboard.close();
  }
}

async function visits(chromium: Chromium, dashboard: BenchDashboard): Promise<readonly Paint[]> {
  const paints: Paint[] = [];
  for (const width of WIDTHS) {
    for (let profile = 0; profile < PROFILES; profile += 1) {
      const url = await dashboard.launchUrl();
      paints.push(...(await chromium.visit(url, { width, height: HEIGHT }, VISITS, LOOK_MS)));
    }
  }
  return paints;
}
