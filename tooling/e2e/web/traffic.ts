import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PROGRAM, type Dashboard } from "./dashboard.ts";

/** An `oma gateway` beside the dashboard: another process, through which an agent asks. */
export interface Traffic {
  /** Sends one prompt in a conversation, and reads the answer to its end. */
  readonly ask: (conversation: string, parent?: string) => Promise<{ status: number; text: string }>;
  readonly close: () => Promise<void>;
}

/** Starts it; its requests are the dashboard's decisions. */
export async function startTraffic(dashboard: Dashboard): Promise<Traffic> {
  const { key }: { key: string } = JSON.parse(await dashboard.oma("key", "create", "e2e", "--json"));
  const child = spawn(process.execPath, [PROGRAM, "gateway", "--port", "0"], {
    env: dashboard.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    break;
  }
  if (url === undefined) throw new Error("oma gateway ended before it told its address");
  return {
    ask: async (conversation, parent) => {
      const answer = await fetch(`${url}/v1/responses`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "session-id": conversation,
          ...(parent !== undefined && { "x-parent-session-id": parent }),
        },
        body: JSON.stringify({
          model: "gpt-5.5",
          stream: true,
          input: [{ role: "user", content: [{ type: "input_text", text: "hello" }] }],
        }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    close: async () => {
      const closed = once(child, "exit");
      child.kill("SIGTERM");
      await closed;
    },
  };
}
