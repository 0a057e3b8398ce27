import { render } from "preact";
import { createApiClient } from "./api/client.ts";
import { createApp } from "./app/app.ts";
import { AppContext } from "./app/context.ts";
import { createPreferences } from "./app/preferences.ts";
import { routeOf } from "./app/route.ts";
import { Shell } from "./app/Shell.tsx";
import { rememberedIn } from "./state/remembered.ts";

const app = createApp({
  call: createApiClient((...request) => fetch(...request)),
  remembered: rememberedIn(sessionStorage, "1"),
  openEvents: () => new EventSource("/api/events"),
  now: () => Date.now(),
  timers: window,
});
const root = document.querySelector("#app");
if (root) {
  render(
    <AppContext.Provider value={app}>
      <Shell
        route={routeOf(window)}
        preferences={createPreferences(document.documentElement, localStorage)}
      />
    </AppContext.Provider>,
    root,
  );
}
