import { failure, issuesOf, validationError, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

/** What a body may weigh where its route says nothing else. */
export const MOST_BYTES = 1_000_000;

/**
 * The JSON of a body, and whether it holds what the route says. A body that is not there is `undefined`; so is one that
 * the route has no use for, which may not be larger than others either.
 */
export async function bodyOf(
  request: Request,
  schema: z.ZodType | undefined,
  maxBytes: number = MOST_BYTES,
): Promise<Result<unknown, Failure>> {
  const text = await textOf(request, maxBytes);
  if (schema === undefined) return text.map(() => undefined);
  return text.andThen((given) => parsed(given)).andThen((value) => checked(value, schema, "body"));
}

/** What a query says, checked. Of a name that is given twice the first counts. */
export function queryOf(url: URL, schema: z.ZodType | undefined): Result<unknown, Failure> {
  if (schema === undefined) return ok({});
  return checked(Object.fromEntries([...url.searchParams].toReversed()), schema, "query");
}

function checked(value: unknown, schema: z.ZodType, whole: string): Result<unknown, Failure> {
  const result = schema.safeParse(value);
  if (result.success) return ok(result.data);
  const issues = issuesOf(result.error, value).map((one) => ({ ...one, field: one.field || whole }));
  return err(validationError(issues));
}

function parsed(text: string): Result<unknown, Failure> {
  if (text.trim() === "") return ok(undefined);
  try {
    return ok(JSON.parse(text));
  } catch {
    return err(failure("INVALID_JSON", "the body is no JSON", {}));
  }
}

/** Never more than may be: what is longer is not read on. */
async function textOf(request: Request, maxBytes: number): Promise<Result<string, Failure>> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return err(tooLarge(maxBytes));
  if (request.body === null) return ok("");
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return err(tooLarge(maxBytes));
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    // Nobody waits for an answer any more.
    return err(failure("INVALID_JSON", "the body broke off", {}));
  }
  return ok(text + decoder.decode());
}

const tooLarge = (maxBytes: number): Failure =>
  failure("PAYLOAD_TOO_LARGE", `a body may have ${maxBytes} bytes at most`, { maxBytes });
