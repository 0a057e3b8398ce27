import { spawn, type ChildProcess } from "node:child_process";
import { z } from "zod";
import type { DemoHome } from "./demo-home.ts";
import { kill, stopProcess } from "./processes.ts";

const START_LIMIT_MS = 60_000;

/** A running OpenCode server and the conversations in it. */
export interface OpenCode {
  /** Sends a prompt, in a new conversation unless one is given; the answer's text. */
  prompt(text: string, conversation?: string): Promise<Reply>;
  stop(): Promise<void>;
}

export interface Reply {
  readonly conversation: string;
  readonly text: string;
  /** What the person would have read instead of an answer. */
  readonly error?: string;
}

/** Starts `opencode serve` in a process group of its own, so that everything it starts ends with it. */
export async function startOpenCode(binary: string, home: DemoHome, signal: AbortSignal): Promise<OpenCode> {
  const server = spawn(binary, ["serve", "--hostname=127.0.0.1", "--port=0"], {
    cwd: home.work,
    env: { ...home.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killOnExit = (): void => kill(server, "SIGKILL", true);
  process.once("exit", killOnExit);
  try {
    const url = await listening(server, signal);
    return {
      prompt: (text, conversation) => prompt(url, text, conversation),
      async stop() {
        await stopProcess(server, { group: true });
        process.off("exit", killOnExit);
      },
    };
  } catch (thrown) {
    await stopProcess(server, { group: true });
    process.off("exit", killOnExit);
    throw thrown;
  }
}

function listening(server: ChildProcess, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  return new Promise((resolve, reject) => {
    let output = "";
    const hear = (text: string): void => {
      output += text;
      const url = /listening on (http:\/\/\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    const giveUp = (): void => reject(new Error(`OpenCode did not start: ${output}`));
    server.stdout?.setEncoding("utf8").on("data", hear);
    server.stderr?.setEncoding("utf8").on("data", hear);
    server.once("error", reject);
    server.once("close", () => reject(new Error(`OpenCode ended: ${output}`)));
    if (limit.aborted) giveUp();
    else limit.addEventListener("abort", giveUp, { once: true });
  });
}

const sessionSchema = z.object({ id: z.string() });
const messageSchema = z.object({
  info: z.object({
    error: z.object({ name: z.string(), data: z.object({ message: z.string() }).optional() }).optional(),
  }),
  parts: z.array(z.object({ type: z.string(), text: z.string().optional() })),
});

async function prompt(url: string, text: string, known?: string): Promise<Reply> {
  const conversation = known ?? sessionSchema.parse(await post(`${url}/session`, { title: "demo" })).id;
  const body = { parts: [{ type: "text", text }] };
  const { info, parts } = messageSchema.parse(await post(`${url}/session/${conversation}/message`, body));
  const answer = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  if (!info.error) return { conversation, text: answer };
  return { conversation, text: answer, error: info.error.data?.message ?? info.error.name };
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`OpenCode answered ${answer.status}`);
  return answer.json();
}
