import type { ClientBody } from "./body-source.ts";
import type { Answer } from "./answer.ts";
import type { UpstreamAnswer } from "./ports.ts";

/** A fetch's response as an answer of the upstream. */
export function upstreamAnswer(response: Response): UpstreamAnswer {
  const { status, statusText, headers, body } = response;
  return { status, statusText, headers: new Headers(headers), body: body?.getReader() ?? null };
}

/** An answer as the response of a fetch. Its body is read only as fast as the client reads it. */
export function webResponse({ status, statusText, headers, body }: Answer): Response {
  const fields = headers instanceof Headers ? headers : [...headers];
  return new Response(body && webStream(body), { status, statusText, headers: fields });
}

function webStream(body: ClientBody): ReadableStream<Uint8Array> {
  type Controller = ReadableStreamDefaultController<Uint8Array>;
  function deliver(controller: Controller, chunk: Awaited<ReturnType<ClientBody["read"]>>): void {
    if (chunk.done) controller.close();
    else controller.enqueue(chunk.value);
  }
  function pull(controller: Controller): void | Promise<void> {
    const next = body.read();
    return next instanceof Promise
      ? next.then((chunk) => deliver(controller, chunk))
      : deliver(controller, next);
  }
  return new ReadableStream<Uint8Array>({ pull, cancel: () => body.cancel() }, { highWaterMark: 0 });
}
