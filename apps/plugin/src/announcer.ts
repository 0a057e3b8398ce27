import { redact } from "@open-multi-auth/domain";
import type { PluginInput } from "@opencode-ai/plugin";

type Level = "info" | "warning" | "error";

/** Tells the person and OpenCode's log. Never throws, never waits, never paints on the terminal. */
export interface Announcer {
  /** A short message on the screen, and in the log. */
  readonly toast: (level: Level, message: string) => void;
  /** In the log only. */
  readonly log: (level: Level, message: string) => void;
}

/** Speaks through OpenCode's client; every text is redacted here, at the sink. */
export function createAnnouncer(client: PluginInput["client"]): Announcer {
  const log: Announcer["log"] = (level, text) => {
    const logged = level === "warning" ? "warn" : level;
    quietly(() =>
      client.app.log({ body: { service: "open-multi-auth", level: logged, message: redact(text) } }),
    );
  };
  return {
    log,
    toast(level, text) {
      log(level, text);
      quietly(() =>
        client.tui.showToast({ body: { title: "open-multi-auth", message: redact(text), variant: level } }),
      );
    },
  };
}

/** Without a screen, or while OpenCode shuts down, there is nobody to tell. */
function quietly(tell: () => Promise<unknown>): void {
  try {
    tell().catch(() => {});
  } catch {}
}
