import { describe, expect, it } from "vitest";
import { eventsOf, parseEvents, prompt, readUntil, startSim, textOf } from "./harness.ts";

/** What fetch says when it was aborted, or its connection closed inside the body. */
const gone = /aborted|terminated/;

describe("streams", () => {
  it("holds the second half back until its gate is released", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "gated-stream", gate: "half" }]);
    const response = await prompt(sim, "work", { text: "one two" });
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error("no body");
    const first = await readUntil(reader, "output_text.delta");
    expect(first).not.toContain("response.completed");
    expect(sim.log()[0]).toMatchObject({ status: 200, outcome: "open" });
    sim.releaseGate("half");
    const rest = await readUntil(reader, "response.completed");
    expect(textOf(parseEvents(first + rest))).toBe("work answered: one two");
    await sim.waitForLog(([entry]) => entry?.outcome === "done");
  });

  it("sees the client abort inside a held stream", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "gated-stream", gate: "never" }]);
    const controller = new AbortController();
    const response = await prompt(sim, "work", { signal: controller.signal });
    controller.abort();
    await expect(response.text()).rejects.toThrow(gone);
    const [entry] = await sim.waitForLog((entries) => entries[0]?.outcome === "aborted");
    expect(entry?.endedAt).toBeGreaterThanOrEqual(entry?.at ?? Infinity);
  });

  it("sees the client give up on an answer that never comes", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "hang" }]);
    const controller = new AbortController();
    const pending = prompt(sim, "work", { signal: controller.signal });
    await sim.waitForLog((entries) => entries[0]?.behaviour === "hang");
    controller.abort();
    await expect(pending).rejects.toThrow(gone);
    const [entry] = await sim.waitForLog((entries) => entries[0]?.outcome === "aborted");
    expect(entry?.status).toBeNull();
  });

  it("cuts the stream after so many events, inside the body or at its early end", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [
      { kind: "cut-stream", afterEvents: 6 },
      { kind: "cut-stream", afterEvents: 3, how: "end" },
      { kind: "cut-stream", afterEvents: 1000, how: "end" },
    ]);
    const dropped = await prompt(sim, "work");
    const reader = dropped.body?.getReader();
    if (reader === undefined) throw new Error("no body");
    expect(parseEvents(await readUntil(reader, "content_part.added"))).toHaveLength(6);
    await expect(reader.read()).rejects.toThrow(gone);

    expect(await eventsOf(await prompt(sim, "work"))).toHaveLength(3);
    const nearlyWhole = await eventsOf(await prompt(sim, "work"));
    expect(nearlyWhole.at(-1)?.type).toBe("response.output_item.done");
    await sim.waitForLog((entries) => entries.every((entry) => entry.outcome === "cut"));
  });

  it.each([
    ["before-output", "response.failed"],
    ["before-output", "error"],
    ["after-output", "response.failed"],
    ["after-output", "error"],
  ] as const)("fails inside a 200 stream %s with %s", async (at, shape) => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "stream-error", code: "usage_limit_reached", at, shape }]);
    const response = await prompt(sim, "work");
    const events = await eventsOf(response);
    expect(response.status).toBe(200);
    expect(textOf(events) !== "").toBe(at === "after-output");
    const last = events.at(-1);
    expect(last?.type).toBe(shape);
    expect(shape === "error" ? last?.error : last?.response?.error).toMatchObject({
      code: "usage_limit_reached",
    });
  });

  it("streams slowly, each event by itself", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "slow-stream", eventDelayMs: 1 }]);
    const response = await prompt(sim, "work");
    let reads = 0;
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      reads += 1;
      text += chunk;
    }
    expect(reads).toBeGreaterThan(5);
    expect(textOf(parseEvents(text))).toBe("work answered: hi");
  });

  it("produces a big answer no faster than it is read", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "big-answer", chunks: 20_000, chunkBytes: 1000 }]);
    const response = await prompt(sim, "work");
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error("no body");
    await reader.read();
    expect(sim.log()[0]?.outcome).toBe("open");
    let bytes = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length;
    expect(bytes).toBeGreaterThan(20_000_000);
    await sim.waitForLog(([entry]) => entry?.outcome === "done");
  });
});
