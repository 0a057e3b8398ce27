import type { Actor, Failure, Settings } from "@open-multi-auth/domain";
import type { Result, ResultAsync } from "neverthrow";
import type { z } from "zod";
import type { EventHub } from "./events/event-hub.ts";
import type { ApiPorts } from "./ports.ts";
import type { Sessions } from "./sessions.ts";

/** The verbs of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names in a path: `/api/accounts/:alias` has `alias`. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown;

/** A request that has passed the guard, with what it brings checked. */
export interface Call<Path extends string = string, Query = unknown, Body = unknown> {
  readonly params: ParamsOf<Path>;
  readonly query: Query;
  readonly body: Body;
  /** On whose behalf. */
  readonly actor: Actor;
  readonly request: Request;
  /** Whether another user of this machine sent it, as far as the system tells. */
  readonly isOtherUser: () => Promise<boolean>;
}

/** What every route may use. */
export interface RouteDeps {
  readonly ports: ApiPorts;
  readonly sessions: Sessions;
  readonly events: EventHub;
  /** What the API is described by. */
  readonly describe: () => object;
  readonly version: string;
  /** Accounts that are being changed, by alias. */
  readonly busy: Set<string>;
}

/** What a handler gives: the answer or a failure, now or later; or a whole response. */
type Given<Answer> =
  | Result<Answer | Response, Failure>
  | Promise<Result<Answer | Response, Failure>>
  | Handled<Answer>
  | Handled<Response>;
type Handled<T> = Result<T, Failure> | ResultAsync<T, Failure> | Promise<Result<T, Failure>>;

/** One route: its place, what it takes and gives, and what it does. */
export interface Route<
  M extends Method = Method,
  Path extends string = string,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: M;
  readonly path: Path;
  /** One sentence, for the description. */
  readonly summary: string;
  /** Without a session; every such route is on the guard's list, which a test reads. */
  readonly open?: true;
  /** There only while this flag is on; else the path is as unknown as any other. */
  readonly flag?: keyof Settings["featureFlags"];
  readonly query?: Query;
  readonly body?: Body;
  /** What a body may weigh, in bytes. Default: 1 MB. */
  readonly maxBytes?: number;
  /** The JSON of success; a route that answers with something else says so in `media`. */
  readonly answer?: Answer;
  readonly media?: string;
  /** The status of success. Default: 200. */
  readonly status?: 200 | 201 | 202;
  /** The codes it may fail with, besides those of the guard. */
  readonly errors?: readonly string[];
  handle(call: Call<Path, z.infer<Query>, z.infer<Body>>, deps: RouteDeps): Given<z.input<Answer>>;
}

/** Declares a route; its types are found by what it declares. */
export function route<
  M extends Method,
  Path extends string,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(declared: Route<M, Path, Query, Body, Answer>): Route<M, Path, Query, Body, Answer> {
  return declared;
}
