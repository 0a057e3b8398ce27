import type { HostOptions } from "./host.ts";

/** What plugins have registered to change a catalog with. */
export interface Transforms {
  provider: ((editor: object) => void)[];
  model: ((editor: object) => void)[];
}

export interface Catalog {
  readonly provider: Provider;
  readonly models: Model[];
}

interface Provider {
  readonly id: string;
  activation: string;
  settings: Record<string, unknown>;
}

interface Model {
  readonly id: string;
  enabled: boolean;
  cost: unknown[];
  limit: { context: number; input?: number; output: number };
}

/** The catalog made anew: the host's own entries, then what plugins change, then the person's configuration. */
export function catalogOf({ baseURL, transport }: HostOptions, transforms: Transforms): Catalog {
  const provider: Provider = {
    id: "openai",
    activation: "auto",
    settings: { transport: "websocket", baseURL: baseURL ?? "https://api.openai.com/v1" },
  };
  const models: Model[] = ["gpt-5.5", "gpt-6-sol", "gpt-4o"].map((id) => ({
    id,
    enabled: true,
    cost: [{ input: 1 }],
    limit: { context: 1_050_000, output: 128_000 },
  }));
  const providers = {
    get: (id: string) => (id === provider.id ? { provider, models } : undefined),
    update: (id: string, change: (it: Provider) => void) => id === provider.id && change(provider),
  };
  for (const transform of transforms.provider) transform(providers);
  if (transport !== undefined) provider.settings["transport"] = transport;
  const editor = {
    list: () => models,
    update: (_provider: string, id: string, change: (it: Model) => void) =>
      models.filter((model) => model.id === id).forEach(change),
  };
  for (const transform of transforms.model) transform(editor);
  return { provider, models };
}
