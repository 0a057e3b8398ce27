import { describe, expect, it } from "vitest";
import { SETTINGS_DEFAULTS } from "@open-multi-auth/domain";
import { routes, type StateView } from "../src/index.ts";
import { serveBare, type Served } from "./served.ts";

interface Described {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
  readonly security?: unknown[];
}

const WITH_FLAGS: StateView["settings"] = {
  settings: { ...SETTINGS_DEFAULTS, featureFlags: { antigravityEnabled: true } },
  origins: JSON.parse("{}"),
  contradictory: [],
  shares: {},
};

const descriptionOf = async (served: Served): Promise<Described> =>
  JSON.parse(await (await served.fetch("/api/openapi.json", { headers: served.own })).text());

describe("GET /api/openapi.json", () => {
  it("ISO-02: has no route whose flag is off", async () => {
    await using served = await serveBare();
    const there = Object.keys((await descriptionOf(served)).paths);
    expect(there).toContain("/api/state");
    expect(there.filter((path) => path.includes("antigravity"))).toEqual([]);
  });

  it("SRV-05: describes every route by the schemas that check it", async () => {
    await using served = await serveBare();
    served.show({ settings: WITH_FLAGS });
    const described = await descriptionOf(served);
    expect(described.openapi).toBe("3.1.0");
    const operations = Object.entries(described.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(operations.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    const ids = Object.values(described.paths).flatMap((verbs) =>
      Object.values(verbs).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);

    const enabled = described.paths["/api/accounts/{alias}/enabled"]?.["put"];
    expect(enabled).toMatchObject({
      parameters: [{ name: "alias", in: "path", required: true }],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["enabled"],
              additionalProperties: false,
              properties: { enabled: { type: "boolean" }, allowNone: { type: "boolean" } },
            },
          },
        },
      },
    });
    expect(enabled?.responses["200"]?.content?.["application/json"]?.schema).toMatchObject({
      properties: {
        account: { properties: { limitsConfidence: { enum: expect.arrayContaining(["stale"]) } } },
      },
    });
    expect(enabled?.responses["409"]?.description).toContain("LAST_ENABLED_ACCOUNT");
    expect(described.paths["/api/health"]?.["get"]?.security).toEqual([]);
    expect(described.paths["/api/decisions"]?.["get"]?.parameters.map(({ name }) => name)).toEqual([
      "limit",
      "alias",
      "before",
    ]);
  });

  it("SRV-05: what the description forbids is refused, by field and constraint", async () => {
    await using served = await serveBare();
    const query = await served.fetch("/api/decisions?limit=0&nonsense=1", { headers: served.own });
    expect([query.status, JSON.parse(await query.text()).error]).toEqual([
      400,
      {
        code: "VALIDATION_ERROR",
        message: expect.stringContaining("limit"),
        details: {
          issues: expect.arrayContaining([expect.objectContaining({ field: "limit" })]),
          fix: expect.any(String),
        },
      },
    ]);
  });
});
