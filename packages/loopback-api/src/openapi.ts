import { z } from "zod";
import { statusOf } from "./http/statuses.ts";
import type { Route } from "./route.ts";
import { errorBodySchema } from "./schemas/failure.ts";

/** Codes that any route may answer with. */
const GENERAL = [
  "VALIDATION_ERROR",
  "TOKEN_REQUIRED",
  "FORBIDDEN_HOST",
  "FORBIDDEN_ORIGIN",
  "INTERNAL_ERROR",
  "STORE_UNAVAILABLE",
];
const OF_BODIES = ["INVALID_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];

/** The OpenAPI 3.1 description of these routes, made of the very schemas that check them. */
export function describeApi(routes: readonly Described[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const declared of routes) {
    const path = declared.path.replace(/:(\w+)/g, "{$1}");
    (paths[path] ??= {})[declared.method.toLowerCase()] = operation(declared);
  }
  return {
    openapi: "3.1.0",
    info: { title: "open-multi-auth", version },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBodySchema, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "oma_session" },
      },
    },
  };
}

type Described = Pick<
  Route,
  "method" | "path" | "summary" | "open" | "query" | "body" | "answer" | "media" | "status" | "errors"
>;

function operation(declared: Described): object {
  const {
    method,
    path,
    summary,
    open,
    query,
    body,
    answer,
    media = "application/json",
    status = 200,
  } = declared;
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[/:.-](\w)/g, (_all, letter: string) => letter.toUpperCase()).replaceAll("/", "")}`,
    summary,
    ...(open && { security: [] }),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { "application/json": { schema: schemaOf(body, "input") } },
      },
    }),
    responses: {
      [status]: {
        description: summary,
        ...((answer || media !== "application/json") && {
          content: { [media]: { schema: answer ? schemaOf(answer, "output") : { type: "string" } } },
        }),
      },
      ...failures(declared),
    },
  };
}

const pathParameters = (path: string): object[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

function queryParameters(query: z.ZodType | undefined): object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input") as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** Failures by their status, with the codes that each may have. */
function failures({ body, errors = [], open }: Described): object {
  const codes = [
    ...GENERAL.filter((code) => !open || code !== "TOKEN_REQUIRED"),
    ...(body ? OF_BODIES : []),
    ...errors,
  ];
  const byStatus: Record<string, string[]> = {};
  for (const code of codes) (byStatus[statusOf({ code, message: "", details: {} })] ??= []).push(code);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, known]) => [
      status,
      {
        description: known.map((code) => `\`${code}\``).join(", "),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
}

/** Brands and refinements have no form in JSON Schema; what they refine has. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _draft, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return described;
}
