import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPool } from "@open-multi-auth/runtime-node";
import { err, ok } from "neverthrow";
import { expect, it, onTestFinished } from "vitest";
import { authMethods } from "../src/auth-methods.ts";

const announcer = { toast: () => {}, log: () => {} };

it("AUT-13: a sign-in that is begun anew in OpenCode ends the one before it, which held the port", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oma-plugin-"));
  const port = await freePort();
  const env = {
    HOME: folder,
    OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: "http://127.0.0.1:9",
    OPENCODE_MULTI_AUTH_REDIRECT_PORTS: String(port),
  };
  const pool = (await openPool({ env }))._unsafeUnwrap();
  onTestFinished(async () => {
    await pool.close();
    await rm(folder, { recursive: true });
  });
  const [browser] = authMethods(ok({ pool }), announcer);
  const begin = async () => {
    const begun = await browser?.authorize?.({});
    if (!begun || !("method" in begun) || begun.method !== "auto") throw new Error("not begun");
    return begun;
  };
  const first = await begin();
  const ended = first.callback();
  const second = await begin();
  expect(await ended).toEqual({ type: "failed" });
  for (const { url } of [first, second])
    expect(new URL(url).searchParams.get("redirect_uri")).toBe(`http://localhost:${port}/auth/callback`);
  expect(second.url).not.toBe(first.url);
});

it("AUT-13: without a pool to link into, a sign-in says why it cannot begin", async () => {
  const failure = { code: "STORE_UNREADABLE", message: "no", details: {} };
  const [browser] = authMethods(err(failure), announcer);
  await expect(browser?.authorize?.({})).rejects.toThrow("STORE_UNREADABLE");
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
