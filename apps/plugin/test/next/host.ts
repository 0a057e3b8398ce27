import { catalogOf, type Catalog, type Transforms } from "./catalog.ts";
import { createEvents } from "./events.ts";
import { read } from "./read.ts";

/**
 * A double of OpenCode 2.x as far as model requests go, made after its documentation and source (2.0.26): where its own
 * package can be had, the tests that use this can run on it. What it sends anywhere but to this machine is only noted.
 */
export interface HostOptions {
  readonly options?: object;
  /** What the person is signed in to `openai` with, in OpenCode itself. */
  readonly connection?: { readonly type: "key" | "oauth"; readonly secret: string };
  readonly baseURL?: string;
  readonly transport?: "websocket";
}

export interface Step {
  readonly sessionID: string;
  readonly kind?: "primary" | "title";
  readonly parentID?: string;
  readonly prompt?: string;
}

export type Outcome =
  | { readonly kind: "answer"; readonly text: string; readonly retries: readonly number[] }
  | {
      readonly kind: "error";
      readonly type: string;
      readonly message: string;
      readonly retries: readonly number[];
    }
  | { readonly kind: "interrupted" };

interface Hook {
  readonly callback: (event: object) => unknown;
  readonly providerID?: string;
}

const RETRIES = 10;

/** Loads a plugin's module as the host does, and takes prompts. */
export class Host {
  readonly elsewhere: { url: string; authorization: string | null }[] = [];
  #hooks = new Map<string, Hook[]>();
  #transforms: Transforms = { provider: [], model: [] };
  #events = createEvents();
  #steps = new Map<string, AbortController>();
  #cleanup: (() => Promise<void>) | undefined;
  readonly #made: HostOptions;

  constructor(made: HostOptions) {
    this.#made = made;
  }

  async load(module: { default?: { id?: unknown; setup?: unknown } }): Promise<string> {
    const { id, setup } = module.default ?? {};
    if (typeof id !== "string" || typeof setup !== "function")
      throw new Error("Plugin must export a default definition with an id and an effect or setup function.");
    const cleanup: unknown = await setup(this.#context());
    if (typeof cleanup === "function") this.#cleanup = async () => void (await cleanup());
    return id;
  }

  async unload(): Promise<void> {
    this.#hooks.clear();
    this.#transforms = { provider: [], model: [] };
    this.#events.close();
    await this.#cleanup?.();
  }

  /** The provider and its models, as they are after all transforms. */
  catalog(): Catalog {
    return catalogOf(this.#made, this.#transforms);
  }

  interrupt(sessionID: string): void {
    this.#steps.get(sessionID)?.abort();
    this.#events.publish({
      type: "session.execution.interrupted",
      created: Date.now(),
      data: { sessionID, reason: "user" },
    });
  }

  /** One model request of a session, with the retries that the host makes of it. */
  async step(step: Step): Promise<Outcome> {
    const ending = new AbortController();
    this.#steps.set(step.sessionID, ending);
    // A fiber that is interrupted goes on with none of what it waits for.
    const interrupted = new Promise<Outcome>((resolve) =>
      ending.signal.addEventListener("abort", () => resolve({ kind: "interrupted" })),
    );
    return Promise.race([this.#attempts(step, ending.signal), interrupted]);
  }

  async #attempts(step: Step, signal: AbortSignal): Promise<Outcome> {
    const retries: number[] = [];
    for (;;) {
      const outcome = await this.#attempt(step, signal);
      if (typeof outcome === "string") return { kind: "answer", text: outcome, retries };
      const { type, message, isRetryable, retryAfterMs = 2_000 } = outcome;
      const event = {
        sessionID: step.sessionID,
        model: MODEL,
        error: { type, message },
        attempt: retries.length + 2,
        decision: isRetryable ? { retry: true, delay: retryAfterMs } : { retry: false },
      };
      if (step.kind !== "title" && retries.length < RETRIES) await this.#trigger("retry", event);
      if (!event.decision.retry || retries.length >= RETRIES || step.kind === "title")
        return { kind: "error", type, message, retries };
      retries.push(event.decision.delay ?? retryAfterMs);
      await new Promise((resolve) => setTimeout(resolve, event.decision.delay));
    }
  }

  async #attempt({ sessionID, kind = "primary", parentID, prompt = "hi" }: Step, signal: AbortSignal) {
    const { connection } = this.#made;
    const { provider } = this.catalog();
    if (provider.activation === "auto" && connection === undefined)
      return { type: "provider.no-route", message: "no connection", isRetryable: false };
    const scope = { sessionID, agent: "build", model: MODEL, kind };
    const shaped = {
      ...scope,
      options: (kind === "primary" ? { maxTokens: 128_000 } : {}) as { maxTokens?: number },
    };
    if (kind === "primary") await this.#trigger("context", shaped);
    const affinity = parentID ?? sessionID;
    const headers = new Headers({
      "content-type": "application/json",
      "x-opencode-session-id": sessionID,
      "x-session-affinity": affinity,
      "X-Session-Id": affinity,
      "User-Agent": "opencode/2.0.26",
      "x-opencode-client": "cli",
      ...(connection !== undefined && { authorization: `Bearer ${connection.secret}` }),
    });
    const url = `${String(provider.settings["baseURL"])}/responses`;
    if (kind === "primary" && provider.settings["transport"] === "websocket") {
      const handshake = { ...scope, url, headers: Object.fromEntries(headers) };
      await this.#trigger("experimental.ws.handshake", handshake);
      this.elsewhere.push({
        url: handshake.url.replace("https", "wss"),
        authorization: handshake.headers["authorization"] ?? null,
      });
    }
    const body = JSON.stringify({
      model: "gpt-5.5",
      input: [{ role: "user", content: [{ type: "input_text", text: prompt }] }],
      instructions: "You are OpenCode.",
      store: false,
      stream: true,
      prompt_cache_key: affinity,
      ...(shaped.options.maxTokens !== undefined && { max_output_tokens: shaped.options.maxTokens }),
    });
    const before = { ...scope, request: new Request(url, { method: "POST", headers, body }) };
    await this.#trigger("http.request", before);
    const { request } = before;
    const sent = request.body === null ? undefined : new Uint8Array(await request.clone().arrayBuffer());
    let received: Response;
    try {
      received = await this.#send(new URL(request.url), {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        ...(sent !== undefined && { body: sent }),
        signal,
      });
    } catch (cause) {
      return { type: "provider.transport", message: String(cause), isRetryable: true };
    }
    const { status, headers: given, body: stream } = received;
    const after = { ...scope, request, response: new Response(stream, { status, headers: given }) };
    await this.#trigger("http.response", after);
    return read(after.response, signal);
  }

  /** Over the network of this machine alone. */
  async #send(url: URL, init: RequestInit): Promise<Response> {
    if (url.protocol === "data:") return fetch(url, init);
    this.elsewhere.push({
      url: url.href,
      authorization: new Headers(init.headers).get("authorization"),
    });
    const event = { type: "response.completed", response: { text: "from elsewhere" } };
    return new Response(`data: ${JSON.stringify(event)}\n\n`);
  }

  #context(): object {
    const { connection, options = {} } = this.#made;
    const domain = (transforms: Transforms["model"]) => ({
      transform: (change: (editor: object) => void) => register(transforms, change),
      reload: () => {
        this.#events.publish({ type: "catalog.updated" });
        return Promise.resolve();
      },
    });
    return {
      options,
      provider: domain(this.#transforms.provider),
      model: domain(this.#transforms.model),
      integration: {
        connection: {
          active: (id: string) =>
            Promise.resolve(id === "openai" && connection !== undefined ? { type: "credential" } : undefined),
          resolve: () => Promise.resolve(connection),
        },
      },
      session: {
        hook: (name: string, callback: Hook["callback"], { providerID }: { providerID?: string } = {}) => {
          const hooks = this.#hooks.get(name) ?? [];
          this.#hooks.set(name, hooks);
          return register(hooks, { callback, ...(providerID !== undefined && { providerID }) });
        },
      },
      event: this.#events,
    };
  }

  /** A hook that throws is a defect there, and the step's end. */
  async #trigger(name: string, event: object): Promise<void> {
    for (const { callback, providerID } of this.#hooks.get(name) ?? [])
      if (providerID === undefined || providerID === MODEL.providerID) await callback(event);
  }
}

function register(list: unknown[], entry: unknown): Promise<object> {
  list.push(entry);
  return Promise.resolve({ dispose: () => Promise.resolve() });
}

const MODEL = { providerID: "openai", id: "gpt-5.5" };
