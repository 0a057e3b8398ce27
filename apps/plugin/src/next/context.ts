/**
 * The part of OpenCode 2.x's plugin context that is used here. Its package is in no registry, and releases differ: all of it
 * may be missing, and is looked for before it is used.
 */
export interface NextContext {
  readonly options?: unknown;
  readonly session?: { readonly hook?: SessionHook };
  readonly provider?: {
    transform?(change: (editor: ProviderEditor) => void): Promise<unknown>;
    reload?(): Promise<void>;
  };
  readonly model?: { transform?(change: (editor: ModelEditor) => void): Promise<unknown> };
  readonly integration?: {
    readonly connection?: {
      active(integrationID: string): Promise<{ readonly type: string } | undefined>;
      resolve(connection: { readonly type: string }): Promise<{ readonly type: string } | undefined>;
    };
  };
  readonly event?: { subscribe?(options: { readonly signal: AbortSignal }): AsyncIterable<HostEvent> };
}

/** Registers for what happens to the requests of one provider; the host takes the registration back by itself. */
export type SessionHook = <Name extends keyof SessionEvents>(
  name: Name,
  callback: (event: SessionEvents[Name]) => Promise<void> | void,
  options: { readonly providerID: string },
) => Promise<unknown>;

/** What hooks are given; what is not readonly may be replaced. */
export interface SessionEvents {
  context: Generation;
  compaction: Generation;
  "http.request": RequestScope & { request: Request };
  "http.response": RequestScope & { readonly request: Request; response: Response };
  "experimental.ws.handshake": RequestScope & { url: string; headers: Record<string, string> };
  retry: { readonly sessionID: string; decision: RetryDecision };
}

export interface Generation {
  readonly options: { maxTokens?: unknown };
}

export interface RequestScope {
  readonly sessionID: string;
  readonly kind: "primary" | "compaction" | "title" | "generate";
}

/** Whether a failed request is sent again, and after how many milliseconds. */
export type RetryDecision = { retry: false } | { retry: true; delay: number };

export interface ProviderEditor {
  get(id: string): object | undefined;
  update(id: string, change: (provider: ProviderDraft) => void): void;
}

export interface ProviderDraft {
  activation?: "auto" | "enabled" | "disabled";
  settings?: Record<string, unknown>;
}

export interface ModelEditor {
  list(providerID: string): readonly ModelDraft[];
  update(providerID: string, id: string, change: (model: ModelDraft) => void): void;
}

export interface ModelDraft {
  readonly id: string;
  readonly modelID?: string;
  enabled?: boolean;
  cost?: unknown[];
  limit?: { context: number; input?: number };
}

export interface HostEvent {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly created?: number;
  readonly data?: { readonly sessionID?: string };
}
