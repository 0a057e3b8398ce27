import { once } from "node:events";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Happening } from "../src/index.ts";
import { serveBare, type Served } from "./served.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** What this process holds once its garbage is gone; how much it got from the system says little of that. */
function heldBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const problem = (n: number, size = 0): Happening => ({
  type: "problem",
  data: { at: "2026-11-21T00:00:00.000Z", code: "TEST", message: `${n}${"x".repeat(size)}` },
});

/** A reader of events that reads only when it is told to. */
async function openReader({ port, own }: Served, lastEventId?: string) {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.pause();
  await once(socket, "connect");
  const resume = lastEventId === undefined ? "" : `Last-Event-ID: ${lastEventId}\r\n`;
  socket.write(
    `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${own["authorization"]}\r\n${resume}\r\n`,
  );
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.pause();
  return {
    /** Reads until the text holds; chunk heads are taken out. */
    async until(holds: (text: string) => boolean): Promise<string> {
      socket.resume();
      while (!holds(text)) await once(socket, "data");
      socket.pause();
      return text.replaceAll(/\r\n[0-9a-f]+\r\n/g, "");
    },
    leave: () => socket.destroy(),
  };
}

const seen = (text: string): string[] => [...text.matchAll(/"message":"(\d+)/g)].map(([, n = ""]) => n);
const lastId = (text: string): string => [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? "";

describe("GET /api/events", () => {
  it("SRV-04: begins with hello and everything, then tells what happens, and the newest state after a change", async () => {
    await using served = await serveBare();
    const reader = await openReader(served);
    const begun = await reader.until((text) => text.includes("event: state"));
    expect(begun).toMatch(/event: hello\ndata: {"version":"1.2.3","complete":true}/);
    served.tell(problem(1));
    served.show({ current: "work" });
    served.show({ current: "home" });
    const text = await reader.until(
      (all) => all.includes('"current":"home"') && all.includes("event: problem"),
    );
    // Changes that follow each other closely are one.
    expect(text).not.toContain('"current":"work"');
    reader.leave();
  });

  it("SRV-04: a reader that stops reading does not grow memory, is told what it missed, and gets the newest state", async () => {
    await using served = await serveBare();
    const stalled = await openReader(served);
    await stalled.until((text) => text.includes("event: state"));
    const before = heldBytes();
    // 200 MB, had anybody kept them.
    for (let n = 1; n <= 20_000; n++) {
      served.tell(problem(n, 10_000));
      // Others are served meanwhile.
      if (n % 1_000 === 0) await served.fetch("/api/health");
    }
    expect(heldBytes() - before).toBeLessThan(100_000_000);
    served.show({ current: "work" });
    const text = await stalled.until(
      (all) => all.includes('"message":"20000x') && all.includes('"current":"work"'),
    );
    const gaps = [...text.matchAll(/event: gap\ndata: {"missed":(\d+)}/g)].map(([, count]) => Number(count));
    const missed = gaps.reduce((sum, count) => sum + count, 0);
    expect(missed).toBeGreaterThan(10_000);
    // Nothing that it was told is out of order or twice.
    const numbers = seen(text).map(Number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length + missed).toBe(20_000);
    stalled.leave();
  });

  it("SRV-04: after a lost connection goes on behind the last event that was seen, without a gap", async () => {
    await using served = await serveBare();
    const first = await openReader(served);
    await first.until((text) => text.includes("event: state"));
    for (let n = 1; n <= 5; n++) served.tell(problem(n));
    const id = lastId(await first.until((text) => text.includes('"message":"5')));
    first.leave();
    for (let n = 6; n <= 9; n++) served.tell(problem(n));
    const again = await openReader(served, id);
    const text = await again.until((all) => all.includes('"message":"9') && all.includes("event: state"));
    expect(seen(text)).toEqual(["6", "7", "8", "9"]);
    expect(text).toContain('"complete":true');
    again.leave();
  });

  it.each(["", "of-another-run-7", "RUN-99999", "RUN--1", "RUN-x"])(
    "SRV-04: a place that is not known (%s) is said so, and everything is sent as it is now",
    async (place) => {
      await using served = await serveBare();
      served.tell(problem(1));
      const first = await openReader(served);
      await first.until((text) => text.includes("event: state"));
      served.tell(problem(2));
      const run = lastId(await first.until((text) => text.includes('"message":"2'))).replace(/-\d+$/, "");
      const again = await openReader(served, place.replace("RUN", run));
      const text = await again.until((all) => all.includes("event: state"));
      expect(text).toContain(`"complete":${place === ""}`);
      expect(seen(text)).toEqual([]);
      first.leave();
      again.leave();
    },
  );

  it("SRV-04: too many readers are refused, and places become free when some leave", async () => {
    await using served = await serveBare();
    const readers = await Promise.all(Array.from({ length: 64 }, () => openReader(served)));
    await Promise.all(readers.map((reader) => reader.until((text) => text.includes("event: state"))));
    const refused = await served.fetch("/api/events", { headers: served.own });
    expect([refused.status, JSON.parse(await refused.text()).error.code]).toEqual([503, "TOO_MANY_READERS"]);
    for (const reader of readers) reader.leave();
    for (;;) {
      const leaving = new AbortController();
      const answer = await served.fetch("/api/events", { headers: served.own, signal: leaving.signal });
      leaving.abort();
      if (answer.status === 200) break;
    }
  });

  it("SRV-02: the stream of a page ends with its session; others go on", async () => {
    await using served = await serveBare();
    const cookie = (await served.cookie()).split(";")[0] ?? "";
    const page = await served.fetch("/api/events", { headers: { cookie } });
    const tool = await openReader(served);
    await tool.until((text) => text.includes("event: state"));
    const ended = await served.fetch("/api/session", {
      method: "DELETE",
      headers: { cookie, "content-type": "application/json", "x-open-multi-auth": "1" },
    });
    expect(ended.status).toBe(200);
    served.tell(problem(1));
    await tool.until((text) => text.includes('"message":"1'));
    const all = await page.text();
    expect(all).not.toContain('"message":"1');
    tool.leave();
  });

  it("a HEAD opens no stream", async () => {
    await using served = await serveBare();
    for (let times = 0; times < 70; times++) {
      const answer = await served.fetch("/api/events", { method: "HEAD", headers: served.own });
      expect(answer.status).toBe(200);
    }
    const reader = await openReader(served);
    await reader.until((text) => text.includes("event: state"));
    reader.leave();
  });
});

describe("GET /api/state", () => {
  it("answers 304 while nothing but time has passed", async () => {
    await using served = await serveBare();
    const first = await served.fetch("/api/state", { headers: served.own });
    const etag = first.headers.get("etag") ?? "";
    served.show({ now: "2026-11-21T00:00:09.000Z" });
    const again = await served.fetch("/api/state", { headers: { ...served.own, "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    served.show({ current: "work" });
    const other = await served.fetch("/api/state", { headers: { ...served.own, "if-none-match": etag } });
    expect([other.status, JSON.parse(await other.text()).current]).toEqual([200, "work"]);
    expect(other.headers.get("etag")).not.toBe(etag);
  });
});
