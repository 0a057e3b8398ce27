import { baseUrl } from "./base-url.ts";

/** The provider's id in the Codex CLI's configuration. */
export const PROVIDER = "open-multi-auth";

/** The provider's settings, in the order in which they are written. */
export const providerSettings = (port: number, key: string): Readonly<Record<string, string | boolean>> => ({
  name: PROVIDER,
  base_url: baseUrl(port),
  wire_api: "responses",
  experimental_bearer_token: key,
  supports_websockets: false,
});

/** The lines of a `config.toml` that has the Codex CLI ask the gateway. */
export function codexProvider(port: number, key: string): string {
  const lines = Object.entries(providerSettings(port, key)).map(
    ([name, value]) => `${name} = ${JSON.stringify(value)}`,
  );
  return [`model_provider = "${PROVIDER}"`, "", `[model_providers.${PROVIDER}]`, ...lines].join("\n");
}
