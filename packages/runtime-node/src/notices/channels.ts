import type { RunTool } from "@open-multi-auth/core-store/node";
import { failure, type Failure, type Fetch } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { desktopCall } from "./desktop.ts";
import type { Occasion } from "./occasions.ts";

/** Says one thing to the person, by one way. */
export type Deliver = (occasion: Occasion) => Promise<Result<void, NotificationFailed>>;

/** The way refused, or there is none; what was to be said is in the log of incidents. */
export type NotificationFailed = Failure<"NOTIFICATION_FAILED", { channel: string; fix: string }>;

const TITLE = "open-multi-auth";
const NTFY_TIMEOUT_MS = 10_000;

/** By the operating system. */
export const desktopChannel =
  (run: RunTool, platform: NodeJS.Platform): Deliver =>
  async ({ message, level }) => {
    const call = desktopCall(platform, { title: TITLE, message, isUrgent: level === "error" });
    const end = await run(call.command, call.args, call.input);
    if (end.kind === "ended" && end.code === 0) return ok();
    const what = end.kind === "missing" ? `there is no ${call.command}` : `${call.command} did not show it`;
    return err(
      failed(
        "desktop",
        `a desktop notification was not shown: ${what}`,
        `${call.install}, or ${OFF.desktop}`,
      ),
    );
  };

/** By a topic of an ntfy server, which sees what is said: aliases, no address and no token. */
export const ntfyChannel =
  (fetch: Fetch, url: string): Deliver =>
  async ({ message, level }) => {
    const headers = {
      "content-type": "text/plain; charset=utf-8",
      title: TITLE,
      priority: level === "error" ? "high" : "default",
    };
    // The address is not repeated: whoever knows the topic can read along.
    const fix = `check the address by \`oma settings get notifications.ntfyUrl\`, or ${OFF.ntfy}`;
    try {
      const { status } = await fetch(url, {
        method: "POST",
        headers,
        body: message,
        timeoutMs: NTFY_TIMEOUT_MS,
      });
      if (status >= 200 && status < 300) return ok();
      return err(failed("ntfy", `the ntfy server did not take a notification (status ${status})`, fix));
    } catch {
      return err(failed("ntfy", "the ntfy server could not be reached", fix));
    }
  };

const OFF = {
  desktop: "turn it off by `oma settings set notifications.desktop=false`",
  ntfy: "turn it off by `oma settings reset notifications.ntfyUrl`",
};

const failed = (channel: string, message: string, fix: string): NotificationFailed =>
  failure("NOTIFICATION_FAILED", message, { channel, fix });
