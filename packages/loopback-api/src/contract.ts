import type { z } from "zod";
import type { ParamsOf, Route } from "./route.ts";
import type { routes } from "./routes/index.ts";

type AnyRoute = (typeof routes)[number];

type EntryOf<R> =
  R extends Route<infer _M, infer Path, infer Query, infer Body, infer Answer>
    ? {
        readonly params: ParamsOf<Path>;
        readonly query: z.input<Query>;
        readonly body: z.input<Body>;
        readonly answer: z.output<Answer>;
      }
    : never;

/** What each route takes and gives, by `"<METHOD> <path>"`; made of the routes themselves. */
export type ApiContract = { readonly [R in AnyRoute as `${R["method"]} ${R["path"]}`]: EntryOf<R> };
