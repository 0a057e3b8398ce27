import type { DurationMs } from "./time.ts";

/** A short exchange with an HTTP endpoint: the whole answer, within a time limit. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: DurationMs;
}

/** The answer, read to its end. Redirects are not followed: they arrive as they are. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** The port for such exchanges; it rejects when no answer came (network, timeout). */
export type Fetch = (url: string, request: HttpRequest) => Promise<HttpAnswer>;
