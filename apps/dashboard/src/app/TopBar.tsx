import { useEffect, useState } from "preact/hooks";
import { IconButton } from "../components/button.tsx";
import { Glyph } from "../components/glyph.tsx";
import { clock } from "../format/time.ts";
import { useApp } from "./context.ts";
import type { Preferences } from "./preferences.ts";
import { VIEWS, type View } from "./route.ts";
import { useValue } from "../state/signal.ts";
import { isSignedOut } from "../views/pool/model/sign-in.ts";

const WORDS: Readonly<Record<View, string>> = {
  pool: "Pool",
  activity: "Activity",
  settings: "Settings",
  health: "Health",
};

/** The name, the four views, whether the page is live, and how it is looked at. */
export function TopBar({ view, preferences }: { readonly view: View; readonly preferences: Preferences }) {
  const isPrivate = useValue(preferences.isPrivate);
  return (
    <header class="top">
      <div class="top-in">
        <a class="brand" href="#/pool">
          <Mark />
          open-multi-auth
        </a>
        <nav class="tabs" aria-label="Views">
          {VIEWS.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? "page" : undefined}>
              {WORDS[name]}
              {name === "health" && <Problems />}
            </a>
          ))}
        </nav>
        <div class="top-r">
          <LiveSign />
          <IconButton
            icon={isPrivate ? "eyeOff" : "eye"}
            label="Hide e-mail addresses"
            aria-pressed={isPrivate}
            onClick={() => (preferences.isPrivate.value = !isPrivate)}
          />
          <ThemeButton theme={preferences.theme} />
        </div>
      </div>
    </header>
  );
}

function Problems() {
  const state = useValue(useApp().state);
  const accounts = state?.accounts ?? [];
  const count =
    accounts.filter((account) => isSignedOut(account)).length + (state?.store.state === "degraded" ? 1 : 0);
  if (count === 0) return null;
  return (
    <span class="count">
      {count}
      <span class="vh">{count === 1 ? " needs you" : " need you"}</span>
    </span>
  );
}

function LiveSign() {
  const { connection, now } = useApp();
  const { kind } = useValue(connection);
  const time = useValue(now);
  if (kind === "live") {
    return (
      <span class="live">
        <Glyph name="ready" />
        Live<span class="ago t3">{clock(time, { seconds: true })}</span>
      </span>
    );
  }
  if (kind === "connecting") {
    return (
      <span class="live">
        <span class="spin" />
        Connecting
      </span>
    );
  }
  return (
    <span class="live off">
      <Glyph name="gone" class="g" />
      Not connected
    </span>
  );
}

function ThemeButton({ theme }: { readonly theme: Preferences["theme"] }) {
  const system = useSystemDark();
  const chosen = useValue(theme);
  const isDark = chosen === undefined ? system : chosen === "dark";
  return (
    <IconButton
      icon={isDark ? "sun" : "moon"}
      label={isDark ? "Use the light theme" : "Use the dark theme"}
      onClick={() => (theme.value = isDark ? "light" : "dark")}
    />
  );
}

function useSystemDark(): boolean {
  const [query] = useState(() => matchMedia("(prefers-color-scheme: dark)"));
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const follow = (): void => setDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [query]);
  return isDark;
}

function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M1 3.5h18v3H1z" fill="var(--accent-spare)" />
      <path d="M1 3.5h10v3H1zM1 8.5h6v3H1zM1 13.5h10v3H1z" fill="currentColor" />
      <path d="M12.5 1v18" stroke="var(--canvas)" stroke-width="4.5" />
      <path d="M12.5 1v18" stroke="var(--ink)" stroke-width="2" />
    </svg>
  );
}
