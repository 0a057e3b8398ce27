import type * as Crypto from "node:crypto";
import { beforeEach, vi } from "vitest";

/**
 * For mutation runs only, which repeat each test hundreds of times: a key costs next to nothing, and what happens in other
 * processes is left out, since no mutant is alive there, and so is the slowest.
 */
vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof Crypto>();
  const scrypt: typeof crypto.scrypt = (...args: unknown[]) => {
    const options = args[3];
    if (typeof options === "object") args[3] = { ...options, N: 2 };
    return Reflect.apply(crypto.scrypt, undefined, args);
  };
  return { ...crypto, scrypt };
});

const LEFT_OUT =
  /several processes|in Bun|who has the key goes on|made into a key once in the life|any bit of an/;

beforeEach(({ task, skip }) => {
  if (LEFT_OUT.test(task.name)) skip();
});
