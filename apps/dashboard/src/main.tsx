import { createApiClient } from "@open-multi-auth/loopback-api/client";
import { render } from "preact";
import { createApp } from "./app/app.ts";
import { AppContext } from "./app/context.ts";
import { beginSession, hasCode } from "./app/launch.ts";
import { createPreferences } from "./app/preferences.ts";
import { routeOf } from "./app/route.ts";
import { Shell } from "./app/Shell.tsx";
import { rememberedIn } from "./state/remembered.ts";

/** Of the shape of what a tab remembers; a newer page forgets what an older one kept. */
const REMEMBERED_VERSION = "2";

const call = createApiClient();
const preferences = createPreferences(document.documentElement, localStorage);
const app = createApp({
  call,
  // Without a session there is nothing to follow: a code in the address is exchanged first.
  ready: beginSession(call, window),
  remembered: rememberedIn(sessionStorage, REMEMBERED_VERSION),
  now: () => Date.now(),
  timers: window,
  page: document,
});
// A new address that is put into a tab with this page changes its fragment only.
window.addEventListener("hashchange", () => {
  if (hasCode(window)) void beginSession(call, window).then(app.retryNow);
});
const root = document.querySelector("#app");
if (root) {
  render(
    <AppContext.Provider value={app}>
      <Shell route={routeOf(window)} preferences={preferences} />
    </AppContext.Provider>,
    root,
  );
}
