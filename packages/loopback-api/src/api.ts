import { failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { Hono, type Context } from "hono";
import { err, type Result } from "neverthrow";
import { createEventHub, type EventHub } from "./events/event-hub.ts";
import { admit, fromOurClient, guard } from "./http/admit.ts";
import { failed, internalError, routeNotFound } from "./http/answers.ts";
import { bodyOf, queryOf } from "./http/inputs.ts";
import { secured } from "./http/security-headers.ts";
import { describeApi } from "./openapi.ts";
import type { ApiClock, ApiPorts } from "./ports.ts";
import type { Route, RouteDeps } from "./route.ts";
import { routes } from "./routes/index.ts";
import { createSessions, type Secrets, type Sessions } from "./sessions.ts";

/** What {@link createApi} is made of. */
export interface ApiDeps {
  readonly ports: ApiPorts;
  readonly clock: ApiClock;
  readonly secrets: Secrets;
  /** Calls `work` after a time, unless the returned function is called before. */
  readonly after: (ms: number, work: () => void) => () => void;
  /** The port that the server listens at. */
  readonly port: number;
  /** Names with their port that it answers to, the first of them in addresses. */
  readonly hosts: readonly string[];
  readonly version: string;
  /** The operating system's name of the person, for the audit log. */
  readonly user?: string | undefined;
  /** The page and what belongs to it, by path; `undefined` where there is no such file. */
  readonly file: (path: string) => Response | undefined;
  /** Told of exceptions, which are bugs of ours; the client is told nothing of them. */
  readonly onBug: (problem: Failure) => void;
}

/** The API over HTTP, without a socket. */
export interface Api {
  /**
   * Answers one request. Never rejects.
   *
   * @param isOtherUser whether another user of this machine sent it, as far as the system tells
   */
  fetch(request: Request, isOtherUser?: () => Promise<boolean>): Promise<Response>;
  readonly sessions: Sessions;
  readonly events: EventHub;
  /** Ends the streams of events. */
  close(): void;
}

/** Builds the API: every request is guarded, and every route but those that say so asks for a session. */
export function createApi(deps: ApiDeps): Api {
  const { ports, version, secrets, clock, port, user, after, hosts, onBug } = deps;
  const sessions = createSessions({ secrets, clock, port, user });
  const run = secrets.random().slice(0, 8);
  const events = createEventHub({ view: () => ports.state.view(), version, run, after });
  const unwatch = ports.state.watch(
    (event) => events.publish(event),
    () => events.changed(),
  );
  const isThere = ({ flag }: Pick<Route, "flag">): boolean =>
    flag === undefined || ports.state.settings().settings.featureFlags[flag];
  const described = (): object => describeApi(routes.filter(isThere), version);
  const routeDeps: RouteDeps = { ports, sessions, events, version, describe: described, busy: new Set() };
  const app = new Hono<{ Bindings: Bindings }>();

  for (const declared of routes) {
    const open = "open" in declared;
    app.on(declared.method, declared.path, async (context) =>
      answered(await serve(declared as Route, { context, open, isThere, deps: routeDeps })),
    );
  }
  app.all("/api/*", ({ req }) => failed(admit(req.raw, sessions).match(routeNotFound, (problem) => problem)));
  app.all("*", ({ req }) => {
    const isReading = req.method === "GET" || req.method === "HEAD";
    return (isReading ? deps.file(req.path) : undefined) ?? failed(routeNotFound());
  });
  app.onError((thrown) => {
    onBug(failure("INTERNAL_ERROR", messageOf(thrown), {}, thrown));
    return failed(internalError());
  });

  return {
    fetch: async (request, isOtherUser = async () => false) => {
      const allowed = guard(request, hosts);
      return secured(allowed.isErr() ? failed(allowed.error) : await app.fetch(request, { isOtherUser }));
    },
    sessions,
    events,
    close() {
      unwatch();
      events.close();
    },
  };
}

interface Bindings {
  readonly isOtherUser: () => Promise<boolean>;
}

interface Serving {
  readonly context: Context<{ Bindings: Bindings }>;
  readonly open: boolean;
  readonly isThere: (declared: Route) => boolean;
  readonly deps: RouteDeps;
}

/** Who asks, what it brings, and then what the route does with it. */
async function serve(
  declared: Route,
  { context, open, isThere, deps }: Serving,
): Promise<Result<Response, Failure>> {
  const request = context.req.raw;
  const caller = open
    ? fromOurClient(request).map(() => ({ via: "api" as const }))
    : admit(request, deps.sessions);
  if (caller.isErr()) return err(caller.error);
  if (!isThere(declared)) return err(routeNotFound());
  const query = queryOf(new URL(request.url), declared.query);
  if (query.isErr()) return err(query.error);
  const body = await bodyOf(request, declared.body, declared.maxBytes);
  if (body.isErr()) return err(body.error);
  const call = {
    params: context.req.param(),
    query: query.value,
    body: body.value,
    actor: caller.value,
    request,
    isOtherUser: context.env.isOtherUser,
  };
  const given = await declared.handle(call, deps);
  return given.map((answer) =>
    answer instanceof Response ? answer : Response.json(answer, { status: declared.status ?? 200 }),
  );
}

const answered = (given: Result<Response, Failure>): Response => given.match((answer) => answer, failed);
