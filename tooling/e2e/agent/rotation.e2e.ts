import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runOpenCode, serveOpenCode, type OpenCodeServer } from "../src/index.ts";
import { createRig, PLUGIN_FILE, type Rig } from "./rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];

// OpenCode takes seconds to start, so one start proves several things, each with an expectation of its own.
describe("the real OpenCode over a pool of two accounts", () => {
  it("CON-01: CON-02: CON-23: AUT-13: loads the plugin by its path, seeds the openai entry, and rotates from run to run", async () => {
    await using rig = await createRig({ accounts: TWO });
    const first = await runOpenCode(rig.home, "say hello");
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
    const [request] = rig.requests();
    const { accessToken } = rig.sim.tokensOf("work");
    expect(request).toMatchObject({ alias: "work", status: 200, accessToken, model: "gpt-5.5" });
    expect(request?.headers).toMatchObject({
      "chatgpt-account-id": request?.accountId,
      originator: "opencode",
      "session-id": expect.stringMatching(/^ses_/),
    });
    expect(request?.headers).not.toHaveProperty("x-opencode-title");
    // OpenCode's own semantics for the Codex backend: they depend on our entry being of type oauth.
    expect(request?.body).toMatchObject({ store: false, stream: true, instructions: expect.any(String) });
    expect(request?.body).not.toHaveProperty("max_output_tokens");

    const second = await runOpenCode(rig.home, "say hello");
    expect(second.stdout).toContain("home answered: say hello");
  });

  it("CON-02: CON-03: rotates within a process, keeps a conversation in place, and lets a spent account sleep until its reset", async () => {
    await using rig = await createRig({ accounts: TWO });
    await withServer(rig, async (server) => {
      for (const prompt of ["one", "two", "three"]) await server.prompt(prompt);
      const placed = served(rig);
      expect(placed.filter((alias, index) => alias === placed[index - 1])).toEqual([]);

      const { sessionId } = await server.prompt("stay");
      await server.prompt("here", sessionId);
      expect(new Set(served(rig).slice(3)).size).toBe(1);

      // The account of this conversation is spent: the same prompt is answered by the other, and nobody sees an error.
      const [spent] = served(rig).slice(3);
      const before = rig.requests().length;
      rig.sim.script(String(spent), [{ kind: "usage-limit", resetsInSeconds: 6 }]);
      const moved = await server.prompt("still there", sessionId);
      expect(moved.error).toBeUndefined();
      expect(moved.text).toContain("answered: still there");
      const [refused, ...answered] = rig.requests().slice(before);
      expect([refused?.alias, refused?.status]).toEqual([spent, 429]);
      expect(answered.at(-1)).toMatchObject({ status: 200 });
      expect(answered.at(-1)?.alias).not.toBe(spent);

      // New conversations, until it is back: not before its reset, and then without a further error.
      const resetAt = Number(refused?.endedAt) + 6_000;
      const since = rig.requests().length;
      const used = (): number =>
        rig
          .requests()
          .slice(since)
          .findIndex(({ alias }) => alias === spent);
      while (used() === -1) {
        expect(Date.now()).toBeLessThan(resetAt + 20_000);
        await server.prompt("again");
      }
      const later = rig.requests().slice(since);
      expect(later[used()]?.at).toBeGreaterThanOrEqual(resetAt - 1_000);
      expect(later.filter(({ status }) => status !== 200)).toEqual([]);
    });
  });

  it("CON-01: CON-02: CON-27: a project chooses that every request rotates, but not where a token goes", async () => {
    await using elsewhere = await createRig();
    await using rig = await createRig({ accounts: TWO });
    const options = { sessionAffinity: "off", upstreamUrl: "https://evil.example", STORE_DIR: "/nowhere" };
    const provider = { openai: { options: { baseURL: `${elsewhere.sim.backendUrl}/v1` } } };
    const project = { plugin: [[PLUGIN_FILE, options]], provider };
    await writeFile(join(rig.home.folders.work, "opencode.json"), JSON.stringify(project));
    await withServer(rig, async (server) => {
      const { sessionId } = await server.prompt("one");
      await server.prompt("two", sessionId);
    });
    expect(new Set(served(rig))).toEqual(new Set(["work", "home"]));
    expect(elsewhere.sim.log()).toEqual([]);
  });
});

async function withServer(rig: Rig, use: (server: OpenCodeServer) => Promise<void>): Promise<void> {
  const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** The accounts that answered, in order. */
function served(rig: Rig): readonly (string | null)[] {
  return rig
    .requests()
    .filter(({ status }) => status === 200)
    .map(({ alias }) => alias);
}
