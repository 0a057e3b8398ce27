import { describe, expect, it, onTestFinished, vi } from "vitest";
import { serveOpenCode, type OpenCodeServer } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

describe("what OpenCode shows of the pool", () => {
  it("OBS-05: an account that is used up, and a pool that is, are toasted once over two OpenCode processes", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const servers = await Promise.all([serve(rig), serve(rig)]);
    const toasts = (await Promise.all(servers.map(toastsOf))).flatMap((follow) => [follow]);
    const shown = (text: string): string[] =>
      toasts.flatMap((follow) => follow()).filter((message) => message.includes(text));
    for (const server of servers) expect((await server.prompt("say hello")).text).toContain("answered");

    rig.sim.script("work", [{ kind: "usage-limit" }]);
    while (rig.requests().every(({ status }) => status !== 429)) await servers[0]?.prompt("say hello");
    await vi.waitUntil(() => shown("work has used up its quota").length > 0, { timeout: 20_000 });

    rig.sim.script("home", [{ kind: "usage-limit" }]);
    await servers[1]?.prompt("say hello");
    await vi.waitUntil(() => shown("The first, ").length > 0, { timeout: 20_000 });
    await Promise.all(servers.map((server) => server.close()));
    expect(shown("work has used up its quota")).toHaveLength(1);
    expect(shown("The first, ")).toEqual([
      expect.stringMatching(/^No account can answer now\. The first, \w+, is back in [\w ]+\.$/),
    ]);
    const told = await rig.oma("logs", "--json");
    const incidents = told.stdout
      .trim()
      .split("\n")
      .map((line): { source: string; message: string } => JSON.parse(line))
      .filter(({ source }) => source === "incident");
    expect(incidents.map(({ message }) => message.slice(0, 20))).toEqual([
      "work has used up its",
      "No account can answe",
    ]);
  });
});

async function serve(rig: Rig): Promise<OpenCodeServer> {
  const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
  onTestFinished(() => void server.close());
  return server;
}

/** Follows OpenCode's events; gives the toasts so far. */
async function toastsOf({ url }: OpenCodeServer): Promise<() => readonly string[]> {
  const messages: string[] = [];
  const answer = await fetch(new URL("/event", url));
  const follow = async (): Promise<void> => {
    let text = "";
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const { type, properties } = JSON.parse(event.replace(/^data: /, ""));
        if (type === "tui.toast.show") messages.push(properties.message);
      }
    }
  };
  // It ends with the server.
  void follow().catch(() => undefined);
  return () => messages;
}
