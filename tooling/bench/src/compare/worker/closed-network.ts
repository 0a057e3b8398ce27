/** Where the simulated upstream is. */
export interface Upstream {
  readonly backendUrl: string;
  readonly issuerUrl: string;
}

/** Leads what is meant for OpenAI to the simulator, and refuses every other host. Nothing leaves the machine. */
export function closeNetwork({ backendUrl, issuerUrl }: Upstream): void {
  const real = globalThis.fetch;
  const routes = [
    ["https://chatgpt.com/backend-api", backendUrl],
    ["https://auth.openai.com", issuerUrl],
  ] as const;
  const closed = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const route = routes.find(([from]) => url.startsWith(from));
    if (route) {
      const led = route[1] + url.slice(route[0].length);
      return real(input instanceof Request ? new Request(led, input) : led, init);
    }
    if (new URL(url).hostname === "127.0.0.1") return real(input, init);
    throw new Error(`a comparison asks nobody but the simulator: ${url}`);
  };
  globalThis.fetch = Object.assign(closed, { preconnect: () => undefined });
}
