import { describe, expect, it } from "vitest";
import { ENVIRONMENT_PREFIX } from "./environment-names.ts";
import { environmentSettings, parseEnvironment } from "./environment.ts";

const parse = (name: string, value: string | undefined) =>
  parseEnvironment({ [ENVIRONMENT_PREFIX + name]: value });

const VALID: readonly (readonly [name: string, text: string, value: unknown])[] = [
  ["STORE_DIR", "/home/me/pool", "/home/me/pool"],
  ["STORE_DIR", "C:\\pool", "C:\\pool"],
  ["STORE_FILE", "/home/me/pool.json", "/home/me/pool.json"],
  ["CODEX_AUTH_FILE", "/home/me/.codex/auth.json", "/home/me/.codex/auth.json"],
  ["CODEX_CLI_BIN", "/opt/codex", "/opt/codex"],
  ["UPSTREAM_URL", "https://example.com/backend/", "https://example.com/backend"],
  ["UPSTREAM_URL", "http://127.0.0.1:9/api//", "http://127.0.0.1:9/api"],
  ["UPSTREAM_URL", "http://[::1]:9", "http://[::1]:9"],
  ["AUTH_ISSUER_URL", "http://localhost:9", "http://localhost:9"],
  ["ROTATION_STRATEGY", "least-used", "least-used"],
  ["CRITICAL_THRESHOLD", "0", 0],
  ["CRITICAL_THRESHOLD", "12.5", 12.5],
  ["LOW_THRESHOLD", "100", 100],
  ["TOKEN_FAILURE_COOLDOWN_MS", "30000", 30_000],
  ["USAGE_BASE_URL", "https://example.com/backend/", "https://example.com/backend"],
  ["PROBE_EFFORT", "medium", "medium"],
  ["LIMITS_PROBE_MODELS", "gpt-5.5, gpt-6-luna", ["gpt-5.5", "gpt-6-luna"]],
  ["DEBUG", "1", true],
  ["DEBUG", "false", false],
  ["NOTIFY", "0", { toast: false, desktop: false, ntfyUrl: null }],
  ["NOTIFY", "1", { toast: true, desktop: true, ntfyUrl: null }],
  [
    "NOTIFY",
    "toast, https://ntfy.example/topic",
    { toast: true, desktop: false, ntfyUrl: "https://ntfy.example/topic" },
  ],
];

const INVALID: readonly (readonly [name: string, text: string])[] = [
  ["STORE_DIR", "relative/pool"],
  ["STORE_FILE", "pool.json"],
  ["CODEX_AUTH_FILE", "~/.codex/auth.json"],
  ["CODEX_CLI_BIN", "codex"],
  ["UPSTREAM_URL", "http://example.com"],
  ["UPSTREAM_URL", "http://localhost@evil.example"],
  ["UPSTREAM_URL", "http://notlocalhost"],
  ["UPSTREAM_URL", "http://127.0.0.1.evil.example"],
  ["UPSTREAM_URL", "https://user:hunter2@example.com"],
  ["UPSTREAM_URL", "https://example.com/?next=1"],
  ["UPSTREAM_URL", "file:///etc/passwd"],
  ["AUTH_ISSUER_URL", "example.com"],
  ["ROTATION_STRATEGY", "fastest"],
  ["CRITICAL_THRESHOLD", "101"],
  ["CRITICAL_THRESHOLD", "-1"],
  ["CRITICAL_THRESHOLD", "ten"],
  ["CRITICAL_THRESHOLD", " "],
  ["LOW_THRESHOLD", "0x1e"],
  ["LOW_THRESHOLD", "NaN"],
  ["TOKEN_FAILURE_COOLDOWN_MS", "1.5"],
  ["USAGE_BASE_URL", "http://example.com"],
  ["PROBE_EFFORT", "LOW"],
  ["PROBE_EFFORT", 'low"'],
  ["LIMITS_PROBE_MODELS", "gpt-5.5,,gpt-6"],
  ["LIMITS_PROBE_MODELS", "--config"],
  ["LIMITS_PROBE_MODELS", "gpt 5"],
  ["NOTIFY", "yes"],
  ["NOTIFY", "http://ntfy.example/topic"],
  ["NOTIFY", "https://ntfy.example/a,https://ntfy.example/b"],
  ["DEBUG", "perhaps"],
];

describe("parseEnvironment", () => {
  it.each(VALID)("SET-01: reads %s=%s", (name, text, value) => {
    expect(parse(name, text)).toEqual({ values: { [name]: value }, issues: [] });
  });

  it.each(INVALID)("security 44: names %s, which cannot be %s, and what it must be", (name, text) => {
    const { values, issues } = parse(name, text);
    expect(values).toEqual({});
    expect(issues).toEqual([{ variable: ENVIRONMENT_PREFIX + name, constraint: expect.stringMatching(/./) }]);
  });

  it("AUT-08: does not repeat a value, which may be a token pasted amiss", () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.secret";
    for (const [name] of [...VALID, ...INVALID]) {
      expect(JSON.stringify(parse(name, token))).not.toContain("eyJ");
    }
  });

  it("counts an empty value as not set", () => {
    for (const [name] of VALID) {
      expect(parse(name, "")).toEqual({ values: {}, issues: [] });
      expect(parse(name, undefined)).toEqual({ values: {}, issues: [] });
    }
  });

  it("names every invalid variable and keeps the valid ones", () => {
    const env = { ROTATION_STRATEGY: "random", LOW_THRESHOLD: "x", DEBUG: "x" };
    const prefixed = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [ENVIRONMENT_PREFIX + name, value]),
    );
    const { values, issues } = parseEnvironment(prefixed);
    expect(values).toEqual({ ROTATION_STRATEGY: "random" });
    expect(issues.map(({ variable }) => variable)).toEqual([
      `${ENVIRONMENT_PREFIX}LOW_THRESHOLD`,
      `${ENVIRONMENT_PREFIX}DEBUG`,
    ]);
  });

  it("reads no variable without the prefix", () => {
    expect(parseEnvironment({ UPSTREAM_URL: "https://evil.example", DEBUG: "1" })).toEqual({
      values: {},
      issues: [],
    });
  });
});

describe("environmentSettings", () => {
  it("SET-01: is the layer of what the environment sets, and nothing else", () => {
    const parsed = parseEnvironment({
      [`${ENVIRONMENT_PREFIX}ROTATION_STRATEGY`]: "random",
      [`${ENVIRONMENT_PREFIX}CRITICAL_THRESHOLD`]: "5",
      [`${ENVIRONMENT_PREFIX}LOW_THRESHOLD`]: "15",
      [`${ENVIRONMENT_PREFIX}LIMITS_PROBE_MODELS`]: "gpt-5.5",
      [`${ENVIRONMENT_PREFIX}STORE_DIR`]: "/pool",
    });
    expect(environmentSettings(parsed)).toEqual({
      rotationStrategy: "random",
      criticalThreshold: 5,
      lowThreshold: 15,
      probeModels: ["gpt-5.5"],
    });
    expect(environmentSettings(parseEnvironment({}))).toEqual({});
  });
});
