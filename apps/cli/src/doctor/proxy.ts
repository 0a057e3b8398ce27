import { proxyUse } from "@open-multi-auth/runtime-node";
import type { Context } from "../context.ts";
import { failed, fine, warning, type Finding } from "./check.ts";

const NAME = "proxy";

/** Whether requests go through the proxies that the environment names. Their addresses may hold a password: none is shown. */
export function checkProxy({ env }: Pick<Context, "env">): Finding {
  const use = proxyUse(env);
  switch (use) {
    case "none":
      return fine(NAME, "none is named in the environment");
    case "used":
      return fine(NAME, "requests go through the one that the environment names");
    case "unsupported":
      return warning(
        NAME,
        `the environment names one, which Node.js ${process.version} does not use`,
        "run `oma` with Node.js 24.14 or newer, or with 22.21 or newer and NODE_USE_ENV_PROXY=1",
      );
    case "invalid":
      return failed(
        NAME,
        "HTTPS_PROXY or HTTP_PROXY is no http or https URL; no proxy is used",
        "write it with its scheme, as in http://proxy.example:3128",
      );
    default:
      return use satisfies never;
  }
}
