import { z } from "zod";
import { ENVIRONMENT_PREFIX } from "./environment-names.ts";
import { secureUrlSchema } from "./secure-url.ts";
import {
  environmentSettingsSchema,
  modelNameSchema,
  strategySchema,
  type EnvironmentSettings,
} from "./settings.ts";

/** How much a model thinks in the turn that only measures limits. */
export const PROBE_EFFORTS = ["minimal", "low", "medium", "high", "xhigh"] as const;

/** Where requests and token refreshes go unless the environment says otherwise. */
export const UPSTREAM_URL = "https://chatgpt.com/backend-api";
export const AUTH_ISSUER_URL = "https://auth.openai.com";

/** Where the upstream redirects to after a sign-in, the preferred port first. */
export const REDIRECT_PORTS: readonly number[] = [1455, 1457];

const path = z
  .string()
  .startsWith("/", "an absolute path")
  .or(z.string().regex(/^[A-Za-z]:[\\/]/, "an absolute path"));
const url = secureUrlSchema.transform((value) => value.replace(/\/+$/, ""));
const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);
const ports = z
  .string()
  .transform((text) => text.split(",").map((port) => Number(port.trim() || Number.NaN)))
  .pipe(z.array(z.number().int().min(1).max(65_535)).min(1).max(16));
const percent = decimal.pipe(z.number().max(100));

const models = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim()))
  .pipe(z.array(modelNameSchema).max(20));

const notify = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.enum(["0", "1", "toast", "desktop"]).or(secureUrlSchema)))
  .refine((parts) => parts.filter(isUrl).length <= 1)
  .transform((parts) => ({
    toast: parts.includes("toast") || parts.includes("1"),
    desktop: parts.includes("desktop") || parts.includes("1"),
    ntfyUrl: parts.find(isUrl) ?? null,
  }));

const variables = {
  STORE_DIR: { schema: path, constraint: "an absolute path" },
  STORE_FILE: { schema: path, constraint: "an absolute path" },
  CODEX_AUTH_FILE: { schema: path, constraint: "an absolute path" },
  CODEX_CLI_BIN: { schema: path, constraint: "an absolute path" },
  USAGE_BASE_URL: { schema: url, constraint: "an https URL, or http on loopback" },
  UPSTREAM_URL: { schema: url, constraint: "an https URL, or http on loopback" },
  AUTH_ISSUER_URL: { schema: url, constraint: "an https URL, or http on loopback" },
  ROTATION_STRATEGY: { schema: strategySchema, constraint: `one of ${strategySchema.options.join(", ")}` },
  CRITICAL_THRESHOLD: { schema: percent, constraint: "a percentage from 0 to 100, below the low threshold" },
  LOW_THRESHOLD: { schema: percent, constraint: "a percentage from 0 to 100, above the critical threshold" },
  REDIRECT_PORTS: { schema: ports, constraint: "ports from 1 to 65535, comma separated" },
  TOKEN_FAILURE_COOLDOWN_MS: {
    schema: decimal.pipe(z.number().int()),
    constraint: "a whole number of milliseconds",
  },
  PROBE_EFFORT: {
    schema: z.enum(PROBE_EFFORTS),
    constraint: `one of ${PROBE_EFFORTS.join(", ")}`,
  },
  LIMITS_PROBE_MODELS: { schema: models, constraint: "names of models, comma separated" },
  NOTIFY: {
    schema: notify,
    constraint:
      "0 (nothing), 1 (toast and desktop), or a list of toast, desktop and one https URL (http on loopback), comma separated",
  },
  ANTIGRAVITY_ENABLED: { schema: z.stringbool(), constraint: "1 or 0" },
  DEBUG: { schema: z.stringbool(), constraint: "1 or 0" },
} as const;

type Name = keyof typeof variables;
type Values = { -readonly [K in Name]?: z.infer<(typeof variables)[K]["schema"]> };

/** A variable that does not hold what it must. The value itself is not repeated: it may be a secret pasted amiss. */
export interface EnvironmentIssue {
  readonly variable: string;
  readonly constraint: string;
}

/** What the environment asks for, read once at start. */
export interface Environment {
  readonly values: Readonly<Values>;
  /** Invalid variables; the CLI stops on them, the plugin reports them and uses the next layer's value. */
  readonly issues: readonly EnvironmentIssue[];
}

/** Every variable that we read. A passphrase is read by what needs it, and kept nowhere else. */
export const ENVIRONMENT_VARIABLES: ReadonlySet<string> = new Set(
  [...Object.keys(variables), "PASSPHRASE"].map((name) => ENVIRONMENT_PREFIX + name),
);

/** Reads our variables out of a process environment. An empty value counts as not set. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const values: Record<string, unknown> = {};
  const issues: EnvironmentIssue[] = [];
  for (const [name, { schema, constraint }] of Object.entries(variables)) {
    const text = env[ENVIRONMENT_PREFIX + name];
    if (text === undefined || text === "") continue;
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else issues.push({ variable: ENVIRONMENT_PREFIX + name, constraint });
  }
  return { values, issues };
}

/** The settings layer of the environment. */
export function environmentSettings({ values }: Environment): EnvironmentSettings {
  return environmentSettingsSchema.parse({
    ...(values.ROTATION_STRATEGY !== undefined && { rotationStrategy: values.ROTATION_STRATEGY }),
    ...(values.CRITICAL_THRESHOLD !== undefined && { criticalThreshold: values.CRITICAL_THRESHOLD }),
    ...(values.LOW_THRESHOLD !== undefined && { lowThreshold: values.LOW_THRESHOLD }),
    ...(values.ANTIGRAVITY_ENABLED !== undefined && {
      featureFlags: { antigravityEnabled: values.ANTIGRAVITY_ENABLED },
    }),
    ...(values.NOTIFY !== undefined && { notifications: values.NOTIFY }),
    ...(values.LIMITS_PROBE_MODELS !== undefined && { probeModels: values.LIMITS_PROBE_MODELS }),
  });
}

function isUrl(part: string): boolean {
  return part.includes("://");
}
