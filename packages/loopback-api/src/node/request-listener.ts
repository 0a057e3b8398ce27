import { getRequestListener } from "@hono/node-server";
import { failure } from "@open-multi-auth/domain";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api.ts";
import { failed } from "../http/answers.ts";
import { secured } from "../http/security-headers.ts";
import { isOtherUser } from "./peer-owner.ts";

/** Hands requests to the API. What Node would make one meaning of although it has two is refused before. */
export function requestListener(api: Api): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener(
    (request, { incoming }) =>
      isAmbiguous({ url: incoming.url ?? "", rawHeaders: incoming.rawHeaders })
        ? secured(failed(ambiguous()))
        : api.fetch(request, () => isOtherUser(incoming.socket)),
    {
      overrideGlobalObjects: false,
      // No sensible request comes here: its address or its host is nonsense.
      errorHandler: () => secured(failed(ambiguous())),
    },
  );
  return (request, response) => void listener(request, response);
}

/** Several hosts, or a host in the address itself, of which one proxy takes the one and we the other. */
function isAmbiguous({ url = "", rawHeaders }: Pick<IncomingMessage, "url" | "rawHeaders">): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  return hosts.length !== 1 || !url.startsWith("/");
}

const ambiguous = () =>
  failure("FORBIDDEN_HOST", "this server answers to its own address only", {
    fix: "send one Host header and the path alone",
  });
