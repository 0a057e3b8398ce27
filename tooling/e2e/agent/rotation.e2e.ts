import { describe, expect, it } from "vitest";
import { runOpenCode, serveOpenCode } from "../src/index.ts";
import { createRig } from "./rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];

describe("the real OpenCode over a pool of two accounts", () => {
  it("CON-01: CON-23: AUT-13: loads the plugin by its path, seeds the openai entry, and answers from a linked account", async () => {
    await using rig = await createRig({ accounts: TWO });
    const run = await runOpenCode(rig.home, "say hello");

    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
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
  });

  it("CON-01: a project's baseURL cannot send a token elsewhere", async () => {
    await using elsewhere = await createRig();
    await using rig = await createRig({
      accounts: TWO,
      config: { provider: { openai: { options: { baseURL: `${elsewhere.sim.backendUrl}/v1` } } } },
    });
    const run = await runOpenCode(rig.home, "say hello");
    expect(run.stdout).toContain("work answered");
    expect(elsewhere.sim.log()).toEqual([]);
  });

  it("CON-02: new conversations rotate over the accounts, in one process and from one to the next", async () => {
    await using rig = await createRig({ accounts: TWO });
    for (const prompt of ["one", "two"]) await runOpenCode(rig.home, prompt);
    expect(served(rig)).toEqual(["work", "home"]);

    const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
    try {
      for (const prompt of ["three", "four", "five"]) await server.prompt(prompt);
    } finally {
      await server.close();
    }
    const aliases = served(rig).slice(2);
    expect(aliases.filter((alias, i) => alias === aliases[i - 1])).toEqual([]);
  });

  it("CON-02: with sessionAffinity off every request rotates, with it on a conversation stays", async () => {
    await using off = await createRig({ accounts: TWO, pluginOptions: { sessionAffinity: "off" } });
    expect(new Set(await conversation(off))).toEqual(new Set(["work", "home"]));
    await using on = await createRig({ accounts: TWO });
    expect(new Set(await conversation(on)).size).toBe(1);
  });

  it("CON-03: a spent account sleeps until its reset, the same prompt is answered by the other, and nobody sees an error", async () => {
    await using rig = await createRig({ accounts: TWO });
    rig.sim.script("work", [{ kind: "usage-limit", resetsInSeconds: 6 }]);
    const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
    try {
      const answer = await server.prompt("first");
      expect(answer.error).toBeUndefined();
      expect(answer.text).toContain("home answered: first");
      const [refused, answered] = rig.requests();
      expect([refused, answered].map((entry) => [entry?.alias, entry?.status])).toEqual([
        ["work", 429],
        ["home", 200],
      ]);
      const resetAt = Number(refused?.endedAt) + 6_000;
      // New conversations, until the account is back.
      while (rig.requests().filter(({ alias }) => alias === "work").length < 2) {
        expect(Date.now()).toBeLessThan(resetAt + 20_000);
        await server.prompt("again");
      }
      const back = rig.requests().filter(({ alias }) => alias === "work")[1];
      expect(back?.at).toBeGreaterThanOrEqual(resetAt - 1_000);
      expect(
        rig
          .requests()
          .map(({ status }) => status)
          .filter((status) => status !== 200),
      ).toEqual([429]);
    } finally {
      await server.close();
    }
  });
});

/** Two prompts in one conversation; the accounts that served them. */
async function conversation(rig: Awaited<ReturnType<typeof createRig>>): Promise<readonly (string | null)[]> {
  const server = (await serveOpenCode(rig.home))._unsafeUnwrap();
  try {
    const { sessionId } = await server.prompt("one");
    await server.prompt("two", sessionId);
  } finally {
    await server.close();
  }
  return served(rig);
}

function served(rig: Awaited<ReturnType<typeof createRig>>): readonly (string | null)[] {
  return rig
    .requests()
    .filter(({ status }) => status === 200)
    .map(({ alias }) => alias);
}
