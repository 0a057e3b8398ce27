import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import { openKeyboard, type Keyboard } from "./keyboard.ts";

/** A terminal that shows which mode it is in. */
class Terminal extends PassThrough {
  raw = false;
  isClosed = false;

  setRawMode(raw: boolean): this {
    if (this.isClosed) throw new Error("setRawMode EIO");
    this.raw = raw;
    return this;
  }
}

let stdin: Terminal;
let keyboard: Keyboard;
let quits: number;

beforeEach(() => {
  stdin = new Terminal();
  quits = 0;
  keyboard = openKeyboard(stdin, () => quits++);
});

/** The stream has passed on what was written. */
async function press(text: string): Promise<void> {
  stdin.write(text);
  await new Promise((resolve) => setImmediate(resolve));
}

describe("the keyboard", () => {
  it("answers with the next key, and forgets those that nobody waited for", async () => {
    await press("dd");
    const next = keyboard.next();
    await press("pd");
    expect(await next).toBe("p");
    const last = keyboard.next();
    await press("o");
    expect(await last).toBe("o");
    expect(quits).toBe(0);
  });

  it.each(["q", "\u0003", "\u0004"])("tells of %j at once, also when nobody waits for a key", async (key) => {
    await press(key);
    expect(quits).toBe(1);
  });

  it("keeps the terminal from echoing as long as it is open", async () => {
    expect(stdin.raw).toBe(true);
    await keyboard.lend(async () => {
      stdin.raw = false;
      await press("q");
      expect(quits).toBe(0);
    });
    expect(stdin.raw).toBe(true);
    keyboard.close();
    expect(stdin.raw).toBe(false);
  });

  it("takes a closed terminal for a wish to leave, and can be closed after it", async () => {
    stdin.isClosed = true;
    stdin.destroy(new Error("read EIO"));
    await new Promise((resolve) => stdin.once("close", resolve));
    expect(quits).toBe(1);
    await keyboard.lend(async () => {});
    keyboard.close();
  });
});
