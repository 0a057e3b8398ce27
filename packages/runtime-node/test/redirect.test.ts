import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRig } from "./rig.ts";

describe("a redirect to another server", () => {
  it.each([301, 302, 307, 308])(
    "CON-01: security 43: is not followed by a model request, status %i",
    async (status) => {
      await using rig = await createRig([{ alias: "work" }]);
      const elsewhere = await startElsewhere();
      rig.sim.script("work", [{ kind: "redirect", location: elsewhere.url, status }]);
      const asked = await rig.ask().catch(() => undefined);
      expect(elsewhere.seen).toEqual([]);
      expect(asked?.text ?? "").not.toContain("elsewhere");
      expect(rig.sim.log().map((entry) => [entry.endpoint, entry.status])).toContainEqual([
        "responses",
        status,
      ]);
    },
  );

  it.each([301, 302, 307, 308])(
    "CON-01: security 43: is not followed by a token refresh, status %i",
    async (status) => {
      await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
      const elsewhere = await startElsewhere();
      rig.sim.expireAccessToken("work");
      rig.sim.script("work", [{ kind: "redirect", location: elsewhere.url, status }], "token");
      expect((await rig.ask()).text).toContain("home answered");
      expect(elsewhere.seen).toEqual([]);
      expect(rig.sim.log().map((entry) => [entry.endpoint, entry.status])).toContainEqual(["token", status]);
    },
  );
});

/** A server that answers as both endpoints would, and remembers who came. */
async function startElsewhere() {
  const seen: string[] = [];
  const tokens = JSON.stringify({ access_token: "at-elsewhere", refresh_token: "rt-elsewhere" });
  const server = createServer((request: IncomingMessage, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    response.end(tokens);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
