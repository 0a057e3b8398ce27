import { onTestFinished } from "vitest";
import { startUpstreamSim, type StartOptions, type UpstreamSim } from "../src/index.ts";

/** Starts a simulator that ends with the test. */
export async function startSim(options: StartOptions = {}): Promise<UpstreamSim> {
  const sim = await startUpstreamSim(options);
  onTestFinished(() => sim.close());
  return sim;
}

export interface PromptOptions {
  readonly text?: string;
  readonly model?: string;
  readonly accessToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly input?: readonly unknown[];
  readonly signal?: AbortSignal;
}

/** Sends a prompt as OpenCode does. */
export function prompt(sim: UpstreamSim, alias: string, options: PromptOptions = {}): Promise<Response> {
  const { text = "hi", model = "gpt-5.5", accessToken = sim.tokensOf(alias).accessToken } = options;
  const input = [
    ...(options.input ?? []),
    { type: "message", role: "user", content: [{ type: "input_text", text }] },
  ];
  return fetch(`${sim.backendUrl}/codex/responses`, {
    method: "POST",
    redirect: "manual",
    headers: {
      authorization: `Bearer ${accessToken}`,
      "content-type": "application/json",
      "session-id": "ses_1",
      ...options.headers,
    },
    body: JSON.stringify({ model, input, stream: true, include: ["reasoning.encrypted_content"] }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** Asks for a refresh as the Codex CLI does. */
export function refresh(sim: UpstreamSim, refreshToken: string): Promise<Response> {
  return fetch(`${sim.issuerUrl}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: "app_test",
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    }),
  });
}

export interface SentEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item?: { readonly type: string; readonly encrypted_content?: string };
  readonly response?: { readonly status: string; readonly error?: unknown };
  readonly error?: unknown;
}

/** The events of a whole event stream. */
export function parseEvents(text: string): readonly SentEvent[] {
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => JSON.parse(block.slice(block.indexOf("data: ") + 6)) as SentEvent);
}

export async function eventsOf(response: Response): Promise<readonly SentEvent[]> {
  return parseEvents(await response.text());
}

export function textOf(events: readonly SentEvent[]): string {
  return events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
}

/** Reads on until the text so far contains `needle`. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  needle: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes(needle)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended without ${needle}: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
