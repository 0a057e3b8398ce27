import { describe, expect, it, onTestFinished, vi } from "vitest";
import { runOpenCode, serveOpenCode, type OpenCodeServer } from "../src/index.ts";
import { createRig, type Rig } from "./rig.ts";

describe("what OpenCode shows of the pool", () => {
  it("OBS-05: an account that is used up, and a pool that is, are toasted once over two OpenCode processes", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    // One after the other: the first sets OpenCode's own database up.
    const servers = [await serve(rig), await serve(rig)];
    const toasts = await Promise.all(servers.map(toastsOf));
    const shown = (text: string): string[] =>
      toasts.flatMap((follow) => follow()).filter((message) => message.includes(text));
    for (const server of servers) expect((await server.prompt("say hello")).text).toContain("answered");

    rig.sim.script("work", [{ kind: "usage-limit", times: "always" }]);
    while (rig.requests().every(({ status }) => status !== 429)) await servers[0]?.prompt("say hello");
    await vi.waitUntil(() => shown("work has used up its quota").length > 0, { timeout: 60_000 });

    rig.sim.script("home", [{ kind: "usage-limit", times: "always" }]);
    await servers[1]?.prompt("say hello");
    await vi.waitUntil(() => shown("The first, ").length > 0, { timeout: 60_000 });
    await vi.waitUntil(async () => (await incidentsOf(rig)).length > 1, { timeout: 60_000 });
    await Promise.all(servers.map((server) => server.close()));
    expect(shown("work has used up its quota")).toHaveLength(1);
    expect(shown("The first, ")).toEqual([
      expect.stringMatching(/^No account can answer now\. The first, \w+, is back in [\w ]+\.$/),
    ]);
    expect((await incidentsOf(rig)).map((message) => message.slice(0, 20))).toEqual([
      "work has used up its",
      "No account can answe",
    ]);
  });

  it("OBS-05: a toast that opencode run could show to nobody is left to a window", async () => {
    await using rig = await createRig({ accounts: [{ alias: "work" }, { alias: "home" }] });
    rig.sim.script("work", [{ kind: "usage-limit", times: "always" }]);
    while (rig.requests().every(({ status }) => status !== 429))
      expect((await runOpenCode(rig.home, "say hello")).stdout).toContain("answered");
    expect((await rig.oma("logs")).stdout).toContain("incident work has used up its quota");
    const server = await serve(rig);
    const shown = await toastsOf(server);
    await server.prompt("say hello");
    await vi.waitUntil(() => shown().length > 0, { timeout: 60_000 });
    expect(shown()).toEqual([expect.stringMatching(/^work has used up its quota and is back in /)]);
  });
});

/** What `oma logs` tells without anybody's doing, oldest first. */
async function incidentsOf(rig: Rig): Promise<string[]> {
  const { stdout } = await rig.oma("logs", "--json");
  return stdout
    .trim()
    .split("\n")
    .map((line): { source: string; message: string } => JSON.parse(line))
    .flatMap(({ source, message }) => (source === "incident" ? message : []));
}

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
        // Between events there are heartbeats.
        if (!event.startsWith("data: {")) continue;
        const { type, properties } = JSON.parse(event.slice("data: ".length));
        if (type === "tui.toast.show") messages.push(properties.message);
      }
    }
  };
  // It ends with the server.
  void follow().catch(() => undefined);
  return () => messages;
}
