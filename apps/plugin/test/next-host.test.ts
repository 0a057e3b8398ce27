import { stat, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openPool } from "@open-multi-auth/runtime-node";
import type { PluginContext } from "@opencode-ai/plugin/v2/promise";
import { describe, expect, it } from "vitest";
import plugin from "../src/plugin.ts";
import { BUN, createRig, FOLDER, type Rig } from "./next/rig.ts";

const RUNTIMES = [
  ["Node", process.execPath],
  ["Bun", BUN],
] as const;

const responses = ({ sim }: Rig) => sim.log().filter(({ endpoint }) => endpoint === "responses");

describe("the plugin in the next OpenCode", () => {
  it.each(RUNTIMES)(
    "GWY-08: in %s conversations turn over the accounts, each keeps its own, and the upstream gets what it takes",
    async (_name, runtime) => {
      await using rig = await createRig(["work", "home"]);
      const host = await rig.host({ runtime });
      for (const sessionID of ["one", "two", "one"])
        expect(await host.step({ sessionID })).toMatchObject({ kind: "answer", retries: [] });
      await host.step({ sessionID: "child", parentID: "one" });
      await host.step({ sessionID: "one", kind: "title" });
      const sent = responses(rig);
      const [first, second] = sent.map(({ alias }) => alias);
      expect(new Set([first, second])).toEqual(new Set(["work", "home"]));
      expect(sent.map(({ alias }) => alias)).toEqual([first, second, first, first, first]);
      expect(sent[0]).toMatchObject({
        accessToken: rig.sim.tokensOf(String(first)).accessToken,
        headers: { "session-id": "one", originator: "opencode", "user-agent": "opencode/2.0.26" },
      });
      for (const { headers, body } of sent) {
        expect(Object.keys(headers ?? {}).filter((name) => name.startsWith("x-opencode-"))).toEqual([]);
        expect(JSON.stringify(body)).not.toContain("max_output_tokens");
      }
      expect(await host.elsewhere()).toEqual([]);
      expect([await host.unload(), host.stderr()]).toEqual([0, ""]);
    },
  );

  it("GWY-08: the folder of the built plugin loads as 2.x finds it, in Bun, behind a proxy that refuses everything", async () => {
    await using rig = await createRig(["work"]);
    const host = await rig.host({
      runtime: BUN,
      plugin: join(FOLDER, "server.js"),
      env: { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: new URL(rig.sim.backendUrl).host },
    });
    expect(host.id).toBe("open-multi-auth");
    expect(await host.step({ sessionID: "one", prompt: "hello there" })).toMatchObject({
      kind: "answer",
      text: expect.stringContaining("hello there"),
    });
    expect(await host.unload()).toBe(0);
  });

  it("GWY-08: projects in one process share the pool, and the one that ends takes it from no other", async () => {
    await using rig = await createRig(["work"]);
    const host = await rig.host();
    const leave = await host.another();
    await host.step({ sessionID: "one" });
    await leave();
    expect(await host.step({ sessionID: "one" })).toMatchObject({ kind: "answer" });
    expect(await host.unload()).toBe(0);
  });

  it("GWY-08: a limit in the middle of a conversation is not seen: another account answers the same request", async () => {
    await using rig = await createRig(["work", "home"]);
    const host = await rig.host();
    await host.step({ sessionID: "one" });
    const [first] = responses(rig);
    rig.sim.drain(String(first?.alias), "fiveHour");
    expect(await host.step({ sessionID: "one" })).toMatchObject({ kind: "answer", retries: [] });
    const next = first?.alias === "work" ? "home" : "work";
    expect(responses(rig).map(({ alias, status }) => [alias, status])).toEqual([
      [first?.alias, 200],
      [first?.alias, 429],
      [next, 200],
    ]);
  });

  it("GWY-08: with all at their limits it stops at once with one line that says why; a limit that ends soon is waited out", async () => {
    await using rig = await createRig(["work", "home"]);
    const host = await rig.host();
    for (const alias of ["work", "home"]) rig.sim.drain(alias, "fiveHour");
    expect(await host.step({ sessionID: "one" })).toEqual({
      kind: "error",
      type: "provider.auth",
      message: expect.stringMatching(
        /work \(usage limit reached\), home \(usage limit reached\)|home .*work/,
      ),
      retries: [],
    });
    expect(await host.elsewhere()).toEqual([]);

    await using soon = await createRig(["only"]);
    soon.sim.script("only", [{ kind: "usage-limit", resetsInSeconds: 2 }]);
    const waiting = await soon.host();
    const outcome = await waiting.step({ sessionID: "one" });
    expect(outcome).toMatchObject({ kind: "answer", text: expect.stringContaining("only answered") });
    const [delay = 0, ...more] = outcome.kind === "answer" ? outcome.retries : [];
    expect(more).toEqual([]);
    expect([delay >= 1_000, delay <= 3_000]).toEqual([true, true]);
  });

  it.each(RUNTIMES)(
    "GWY-08: CON-11: in %s an interruption closes the upstream's connection, waiting or reading, and costs the account nothing",
    async (_name, runtime) => {
      await using rig = await createRig(["only"]);
      const host = await rig.host({ runtime });
      rig.sim.script("only", [{ kind: "hang" }, { kind: "gated-stream", gate: "half" }]);
      for (const at of [1, 2]) {
        const step = host.step({ sessionID: "one" });
        await expect.poll(() => responses(rig).length, { timeout: 20_000 }).toBe(at);
        await host.interrupt("one");
        expect(await step).toEqual({ kind: "interrupted" });
        await rig.sim.waitForLog(
          (log) => log.filter(({ outcome }) => outcome === "aborted").length === at,
          20_000,
        );
      }
      expect(await host.step({ sessionID: "one" })).toMatchObject({ kind: "answer" });
      await host.unload();
      const pool = (await openPool({ env: rig.env }))._unsafeUnwrap();
      expect(pool.views()).toMatchObject([{ health: { state: "healthy" }, eligibility: { eligible: true } }]);
      await pool.close();
    },
  );

  it("GWY-08: the provider takes the way of the pool as soon as there is an account, with the models that accounts have", async () => {
    await using rig = await createRig([]);
    const host = await rig.host();
    expect(await host.catalog()).toMatchObject({
      provider: { activation: "auto", settings: { transport: "websocket" } },
      models: [{ enabled: true }, { enabled: true }, { enabled: true }],
    });
    expect(await host.step({ sessionID: "one" })).toMatchObject({ type: "provider.no-route" });
    await rig.link("late");
    await expect
      .poll(async () => (await host.catalog()).provider, { timeout: 20_000 })
      .toMatchObject({
        activation: "enabled",
        settings: {
          transport: "http",
          compaction: { type: "summary" },
          baseURL: "https://api.openai.com/v1",
        },
      });
    expect((await host.catalog()).models).toEqual([
      { id: "gpt-5.5", enabled: true, cost: [], limit: LIMIT },
      { id: "gpt-6-sol", enabled: true, cost: [], limit: LIMIT },
      expect.objectContaining({ id: "gpt-4o", enabled: false }),
    ]);
    expect(await host.step({ sessionID: "one" })).toMatchObject({ kind: "answer" });
  });

  it("GWY-08: a login of OpenCode's own gives way and never leaves; a key, another address and an empty pool are left alone", async () => {
    await using rig = await createRig(["work"]);
    const login = { type: "oauth", secret: "native-login" } as const;
    const signedIn = await rig.host({ connection: login, transport: "websocket" });
    expect(await signedIn.step({ sessionID: "one" })).toMatchObject({
      text: expect.stringContaining("work answered"),
    });
    expect(await signedIn.elsewhere()).toEqual([
      { url: "wss://api.openai.com/v1/responses", authorization: null },
    ]);
    expect(JSON.stringify(rig.sim.log())).not.toContain("native-login");

    await using empty = await createRig([]);
    const alone = [
      [rig, { connection: { type: "key", secret: "sk-own" } }, "https://api.openai.com/v1/responses"],
      [rig, { baseURL: "http://127.0.0.1:4141/v1" }, "http://127.0.0.1:4141/v1/responses"],
      [empty, { connection: login }, "https://api.openai.com/v1/responses"],
    ] as const;
    for (const [where, options, url] of alone) {
      const host = await where.host(options);
      expect(await host.step({ sessionID: "one", kind: "title" })).toMatchObject({
        text: expect.stringContaining("from elsewhere"),
      });
      const authorization = "connection" in options ? `Bearer ${options.connection.secret}` : null;
      expect(await host.elsewhere()).toEqual([{ url, authorization }]);
    }
  });

  it("GWY-08: a store that cannot be used, and options that are none, are told; the host goes on without the pool", async () => {
    await using rig = await createRig([]);
    const folder = String(rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "store.json"), JSON.stringify({ version: 99 }));
    const host = await rig.host({
      connection: { type: "oauth", secret: "native-login" },
      options: { rotationStrategy: "sideways" },
    });
    expect(await host.step({ sessionID: "one", kind: "title" })).toMatchObject({ kind: "answer" });
    expect(host.stderr()).toMatch(/option "rotationStrategy" is not used.*\n.*cannot be used \([A-Z_]+\)/);
  });

  it("GWY-08: does nothing where OpenCode 1.x calls it, and throws in no host, however little of one there is", async () => {
    await using rig = await createRig([]);
    const used = new Proxy({ options: {} } as PluginContext, {
      get: (target, name) => {
        if (name === "options" || name === "session") return Reflect.get(target, name);
        throw new Error(`${String(name)} was used`);
      },
    });
    expect(await preview(used)).toBeUndefined();
    expect(await plugin.setup({})).toBeUndefined();
    expect(await plugin.setup({ session: {} })).toBeUndefined();
    await expect(stat(String(rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]))).rejects.toThrow("ENOENT");
  });
});

/** The preview that 1.x calls it in, by its published types: what is given there is taken. */
const preview = (context: PluginContext): Promise<unknown> => plugin.setup(context);

const LIMIT = { context: 400_000, input: 272_000, output: 128_000 };
