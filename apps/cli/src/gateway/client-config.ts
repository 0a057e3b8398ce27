import { baseUrl } from "./base-url.ts";
import { PROVIDER, providerLines } from "./codex-provider.ts";

/** Clients whose configuration can be shown. */
export const CLIENTS = ["codex", "opencode", "openai"] as const;
export type Client = (typeof CLIENTS)[number];

/** What to write into a client's configuration so that it asks the gateway. */
export function clientConfig(client: Client, port: number, key: string): string {
  switch (client) {
    case "codex":
      return [
        "# ~/.codex/config.toml; `oma install codex` does it",
        `model_provider = "${PROVIDER}"`,
        "",
        ...providerLines(port, key),
      ].join("\n");
    case "opencode":
      return ["// opencode.json; `oma install opencode --gateway` does it", openCodeConfig(port, key)].join(
        "\n",
      );
    case "openai":
      return [`OPENAI_BASE_URL=${baseUrl(port)}`, `OPENAI_API_KEY=${key}`].join("\n");
    default:
      return client satisfies never;
  }
}

function openCodeConfig(port: number, key: string): string {
  const options = { baseURL: baseUrl(port), apiKey: key };
  return JSON.stringify({ provider: { openai: { options } } }, null, 2);
}
