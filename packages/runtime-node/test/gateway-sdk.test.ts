import OpenAI, { AuthenticationError, RateLimitError } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gatewayKeys, openGateway, type Gateway } from "../src/gateway.ts";
import { createRig, type Rig } from "./rig.ts";

describe("OpenAI's own SDK, told nothing but a base URL and a key", () => {
  let rig: Rig;
  let gateway: Gateway;
  let client: OpenAI;
  beforeEach(async () => {
    rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const apiKey = (await gatewayKeys(rig.pool, { via: "cli" }).create("sdk"))._unsafeUnwrap();
    gateway = (await openGateway(rig.pool, { port: 0, version: "1" }))._unsafeUnwrap();
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  });
  afterEach(async () => {
    await gateway.close();
    await rig[Symbol.asyncDispose]();
  });

  it("GWY-03: gets one answer to a bare text, from the pool", async () => {
    const response = await client.responses.create({
      model: "gpt-5.5",
      input: "say hello",
      max_output_tokens: 50,
    });
    expect(response.output_text).toMatch(/^(?:work|home) answered: say hello$/);
    expect(response).toMatchObject({ status: "completed", usage: { output_tokens: expect.any(Number) } });
    const [request] = rig.sim.log();
    expect(request?.body).toMatchObject({ store: false, stream: true, instructions: expect.any(String) });
    expect(request?.body).not.toHaveProperty("max_output_tokens");
  });

  it("GWY-03: gets a stream, event by event", async () => {
    const stream = await client.responses.create({
      model: "gpt-5.5",
      instructions: "be brief",
      input: [{ role: "user", content: "say hello" }],
      stream: true,
    });
    const types: string[] = [];
    let text = "";
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    expect([types[0], types.at(-1)]).toEqual(["response.created", "response.completed"]);
    expect(text).toMatch(/answered: say hello$/);
    expect(rig.sim.log()[0]?.body).toMatchObject({ instructions: "be brief" });
  });

  it("GWY-03: GWY-02: never sees one account's limit", async () => {
    for (const alias of ["work", "home"])
      rig.sim.script(alias, [{ kind: "stream-error", code: "usage_limit_reached" }]);
    rig.sim.script("home", []);
    for (let turn = 0; turn < 3; turn += 1) {
      const { output_text: text } = await client.responses.create({ model: "gpt-5.5", input: "again" });
      expect(text).toContain("answered: again");
    }
  });

  it("GWY-03: lists models, and knows errors for what they are", async () => {
    const models = (await client.models.list()).data.map(({ id }) => id);
    expect(models).toContain("gpt-5.5");
    expect(await client.models.retrieve("gpt-5.5")).toMatchObject({ id: "gpt-5.5", object: "model" });
    const stranger = client.withOptions({ apiKey: "oma_wrong" });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    for (const alias of ["work", "home"]) rig.sim.drain(alias, "weekly");
    const refused = client.responses.create({ model: "gpt-5.5", input: "hi" });
    await expect(refused).rejects.toBeInstanceOf(RateLimitError);
    await expect(refused).rejects.toMatchObject({ code: "ALL_ACCOUNTS_EXHAUSTED" });
  });
});
