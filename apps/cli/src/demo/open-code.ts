import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import type { DemoHome } from "./demo-home.ts";

const START_LIMIT_MS = 60_000;

/** A running OpenCode server and the conversations in it. */
export interface OpenCode {
  /** Sends a prompt, in a new conversation unless one is given; the answer's text. */
  prompt(text: string, conversation?: string): Promise<Reply>;
  /** Opens OpenCode on this terminal and waits until the person leaves it. */
  open(): Promise<void>;
  stop(): Promise<void>;
}

export interface Reply {
  readonly conversation: string;
  readonly text: string;
  /** What the person would have read instead of an answer. */
  readonly error?: string;
}

/** Starts `opencode serve` in a process group of its own, so that everything it starts ends with it. */
export async function startOpenCode(binary: string, home: DemoHome): Promise<OpenCode> {
  const server = spawn(binary, ["serve", "--hostname=127.0.0.1", "--port=0"], {
    cwd: home.work,
    env: { ...home.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killOnExit = (): void => killGroup(server, "SIGKILL");
  process.once("exit", killOnExit);
  try {
    const url = await listening(server);
    return {
      prompt: (text, conversation) => prompt(url, text, conversation),
      open: () => openTerminal(binary, home),
      async stop() {
        await stopGroup(server);
        process.off("exit", killOnExit);
      },
    };
  } catch (thrown) {
    await stopGroup(server);
    throw thrown;
  }
}

function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const limit = setTimeout(() => reject(new Error(`OpenCode did not start: ${output}`)), START_LIMIT_MS);
    const hear = (text: string): void => {
      output += text;
      const url = /listening on (http:\/\/\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    };
    server.stdout?.setEncoding("utf8").on("data", hear);
    server.stderr?.setEncoding("utf8").on("data", hear);
    server.once("error", reject);
    server.once("close", () => reject(new Error(`OpenCode ended: ${output}`)));
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

async function openTerminal(binary: string, home: DemoHome): Promise<void> {
  const { TERM = "xterm-256color", COLORTERM } = process.env;
  const env = { ...home.env, TERM, ...(COLORTERM !== undefined && { COLORTERM }) };
  const terminal = spawn(binary, [], { cwd: home.work, env, stdio: "inherit" });
  await once(terminal, "close");
}

async function stopGroup(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const closed = once(server, "close");
  killGroup(server, "SIGTERM");
  const patience = setTimeout(() => killGroup(server, "SIGKILL"), 2_000);
  await closed;
  clearTimeout(patience);
  killGroup(server, "SIGKILL");
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}
