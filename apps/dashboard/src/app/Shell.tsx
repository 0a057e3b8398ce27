import { useEffect, useRef } from "preact/hooks";
import { Banner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { openDialogs } from "../components/dialog.tsx";
import { Toasts } from "../components/toasts.tsx";
import { clock } from "../format/time.ts";
import { Activity } from "../views/activity/Activity.tsx";
import { Health } from "../views/health/Health.tsx";
import { Pool } from "../views/pool/Pool.tsx";
import { Settings } from "../views/settings/Settings.tsx";
import { useApp } from "./context.ts";
import type { Preferences } from "./preferences.ts";
import type { View } from "./route.ts";
import { TopBar } from "./TopBar.tsx";
import { type ReadonlySignal, useValue } from "../state/signal.ts";

const COMPONENTS = { pool: Pool, activity: Activity, settings: Settings, health: Health } as const;

interface ShellProps {
  readonly route: ReadonlySignal<View>;
  readonly preferences: Preferences;
}

/** The frame of every view: skip link, top bar, the view, toasts. */
export function Shell({ route, preferences }: ShellProps) {
  const view = useValue(route);
  const Current = COMPONENTS[view];
  const { kind } = useValue(useApp().connection);
  const isLost = kind === "offline" || kind === "signed-out";
  const dialogs = useValue(openDialogs);
  const main = useFocusOnChange(view);
  return (
    <>
      <a
        class="skip"
        href={`#/${view}`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <TopBar view={view} preferences={preferences} />
      <main id="main" tabIndex={-1} ref={main} class={isLost ? "gone" : undefined}>
        <Lost />
        {/* Nothing can be changed while the server is gone; a dialog can be left, and says so itself. */}
        <fieldset disabled={isLost && dialogs === 0} class="plain">
          <Current />
        </fieldset>
      </main>
      <Toasts />
    </>
  );
}

function Lost() {
  const { connection, retryNow } = useApp();
  const status = useValue(connection);
  if (status.kind === "signed-out") {
    return (
      <Banner critical>
        <b>This page is no longer signed in.</b> The server was started again, or the session has ended. Run{" "}
        <code>oma dashboard</code> and use the page it opens.
      </Banner>
    );
  }
  if (status.kind !== "offline") return null;
  return (
    <Banner
      critical
      actions={
        <>
          <span class="t2">trying again every few seconds</span>
          <Button onClick={retryNow}>Try now</Button>
        </>
      }
    >
      <b>The dashboard lost its server at {clock(status.since)}.</b> You see the state from then, in grey.
      Agents with the plugin keep rotating. Start it again with <code>oma dashboard</code>.
    </Banner>
  );
}

/** After a change of view the reading goes on at its top, for the ear too. */
function useFocusOnChange(view: View) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    // By itself the focus brings a view that is longer than the window to its upper edge, beneath the bar.
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [view]);
  return main;
}
