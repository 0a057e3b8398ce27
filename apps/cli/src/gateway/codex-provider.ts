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

/** The lines of a `config.toml` that tell the Codex CLI of the gateway. */
export function providerLines(port: number, key: string): readonly string[] {
  const settings = Object.entries(providerSettings(port, key));
  return [
    `[model_providers.${PROVIDER}]`,
    ...settings.map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
  ];
}
