import { describe, expect, it } from "vitest";
import { readRefusal } from "./refused-body.ts";

const TOKEN = "eyJhbGciOiJub25lIn0.canary-7f3e9b.c2ln";
const timers = { after: () => () => {} };

describe("readRefusal", () => {
  it("AUT-08: makes a token unreadable that the error repeats, also across chunks", async () => {
    const error = { message: `refused: Bearer ${TOKEN}`, code: TOKEN };
    const seen = await clientsView(JSON.stringify({ error, detail: TOKEN }));
    expect(seen).not.toContain("canary");
    expect(JSON.parse(seen)).toMatchObject({ error: { message: "refused: Bearer [redacted]" } });
  });

  it("leaves every other error as it came", async () => {
    const text = JSON.stringify({ error: { message: "ünknown parameter" } });
    expect(await clientsView(text)).toBe(text);
  });
});

/** What the client gets of an error that comes in chunks of ten bytes. */
async function clientsView(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 10) controller.enqueue(bytes.slice(at, at + 10));
      controller.close();
    },
  });
  const { head } = await readRefusal(body.getReader(), TOKEN, { refusalMs: 1_000 }, timers);
  const held: Uint8Array[] = [];
  for (let next = head.gate.next(); next !== undefined; next = head.gate.next()) held.push(next);
  return Buffer.concat(held).toString();
}
