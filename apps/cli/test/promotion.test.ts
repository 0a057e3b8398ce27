import { mkdir, writeFile } from "node:fs/promises";
import { createJsonLines } from "@open-multi-auth/core-store/node";
import { epochMs } from "@open-multi-auth/domain";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { run } from "../src/run.ts";
import { fakeContext, NOW } from "../src/testing.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const HOUR = 3_600_000;

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(() => built.remove());

/** A person with two accounts, whose clock is set by hand. */
async function createPerson() {
  const box = await createSandbox(built.program);
  onTestFinished(() => box.remove());
  for (const name of ["ann", "bob"]) {
    const file = await box.write("codex-login.json", codexAuth(name));
    expect(await box.oma("import", "--from", file, "--alias", name)).toMatchObject({ code: 0 });
  }
  let now = NOW as number;
  return {
    box,
    later: (hours: number) => (now += hours * HOUR),
    async oma(...args: string[]) {
      const context = fakeContext({ env: box.env, cwd: box.home, clock: { now: () => epochMs(now) } });
      const code = await run(args, context);
      return { code, out: context.printed.join("\n"), err: context.errors.join("\n") };
    },
    /** Requests that are being served now. */
    serve: (count: number, more: object = {}) =>
      append(
        box,
        now,
        Array.from({ length: count }, () => more),
      ),
  };
}

async function append(box: Sandbox, at: number, records: readonly object[]): Promise<void> {
  const lines = createJsonLines({
    folder: box.path(FOLDER, "decisions"),
    name: "decisions",
    clock: { now: () => epochMs(at) },
    maxBytes: 5_000_000,
    maxFiles: 5,
  });
  for (const [index, more] of records.entries())
    lines.append({ ...RECORD, requestId: `r${at}-${index}`, at, replay: { now: at }, ...more });
  (await lines.close())._unsafeUnwrap();
}

const RECORD = {
  strategy: "round-robin",
  selectedAlias: "ann",
  why: "strategy",
  fallbackReason: null,
  forceState: { active: false },
  enabledState: { enabled: 2, disabled: 0 },
  candidates: [],
  attempts: [{ alias: "ann", verdict: "served", status: 200, ms: 100 }],
  outcome: "served",
  firstByteMs: 101,
  totalMs: 200,
};

const settingsOf = async (box: Sandbox): Promise<string> =>
  JSON.parse(await box.read(`${FOLDER}/store.json`)).rotationStrategy;

describe("oma promote", () => {
  it("DOC-05: runs baseline, canary on round-robin for 24 h, weighted enablement and a watch of 72 h, each judged", async () => {
    const person = await createPerson();
    await person.oma("settings", "set", "rotationStrategy=headroom");
    await person.serve(50);
    person.later(1);
    const begun = await person.oma("promote", "--previous", "0.0.9");
    expect(begun.out).toMatch(/baseline +50 requests, 100\.00 % served[^]*canary +under way/);
    expect(await settingsOf(person.box)).toBe("round-robin");

    person.later(23);
    await person.serve(100);
    expect((await person.oma("promote")).out).toContain("canary: 100 requests, 100.00 % served");
    person.later(1);
    expect((await person.oma("promote")).out).toMatch(
      /canary +passed .*\(ann 100\)[^]*enablement +under way/,
    );
    expect(await settingsOf(person.box)).toBe("weighted-round-robin");

    // Long enough, and nobody worked: nothing is known yet.
    person.later(2);
    expect((await person.oma("promote")).out).toMatch(/enablement: .*waits for 20 more requests/);
    await person.serve(20);
    expect((await person.oma("promote")).out).toMatch(/watch +under way/);
    person.later(71);
    await person.serve(30);
    expect((await person.oma("promote")).out).toContain("watch: 30 requests");
    person.later(2);
    const done = await person.oma("promote");
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/watch +passed[^]*is promoted/) });
    const json = JSON.parse((await person.oma("promote", "--json")).out);
    expect(
      json.stages.map(({ name, metrics }: { name: string; metrics: { accounts: unknown } }) => [
        name,
        metrics.accounts,
      ]),
    ).toEqual([
      ["canary", [{ alias: "ann", requests: 100, failures: {} }]],
      ["enablement", [{ alias: "ann", requests: 20, failures: {} }]],
      ["watch", [{ alias: "ann", requests: 30, failures: {} }]],
    ]);
  });

  it.each([
    [
      "a success rate below 99.9 %",
      async ({ serve }: Person) => serve(1, { outcome: "refused" }),
      "success rate",
    ],
    [
      "a p95 more than 10 % slower",
      async ({ serve }: Person) => serve(40, { firstByteMs: 160 }),
      "p95 of added latency 60.0 ms, more than 10 % above 1.0 ms",
    ],
    [
      "an unhandled exception",
      async ({ box, now }: Person) =>
        incident(box, now(), { code: "INTERNAL_ERROR", message: "undefined is not a function" }),
      "unhandled exception: undefined is not a function",
    ],
    [
      "a lost update",
      async ({ box }: Person) => {
        const store = JSON.parse(await box.read(`${FOLDER}/store.json`));
        delete store.accounts.bob;
        await box.write(`${FOLDER}/store.json`, store);
      },
      "lost update: nobody removed",
    ],
    [
      "a leaked secret",
      async ({ box }: Person) => {
        await mkdir(box.path(FOLDER, "activity"), { recursive: true });
        await writeFile(box.path(FOLDER, "activity", "notes.jsonl"), "rt_ann_1_canary", { flag: "a" });
      },
      "leaked secret: activity/notes.jsonl holds a token",
    ],
  ])("DOC-09: %s stops it, and prints the way back", async (_what, spoil, message) => {
    const person = await createPerson();
    await person.serve(50);
    person.later(1);
    await person.oma("promote", "--previous", "0.0.9");
    person.later(1);
    await person.serve(50);
    await spoil({ ...person, now: () => person.later(0) });
    const stopped = await person.oma("promote");
    expect(stopped).toMatchObject({ code: 1, err: expect.stringContaining(message) });
    expect(stopped.err).toMatch(/^error PROMOTION_STOPPED: .*\nfix: go back with `oma rollback`/);
    // It stays stopped, whatever happens later.
    await person.serve(500);
    expect(await person.oma("promote")).toMatchObject({ code: 1 });
    expect((await person.oma("promote", "--cancel")).code).toBe(0);
    expect((await person.oma("promote")).out).toMatch(/canary +under way/);
  });

  it("DOC-05: an account that the person removes is no lost update", async () => {
    const person = await createPerson();
    await person.oma("promote");
    person.later(1);
    await person.oma("remove", "bob", "--yes");
    expect(await person.oma("promote")).toMatchObject({ code: 0 });
  });

  it("refuses a record that is damaged, and says what to do with it", async () => {
    const person = await createPerson();
    await person.box.write(`${FOLDER}/promotion.json`, '{"version":1}');
    const { code, err } = await person.oma("promote");
    expect(code).toBe(1);
    expect(err).toMatch(/^error PROMOTION_UNREADABLE: .*promotion\.json.*version\nfix: move /);
  });
});

type Person = Awaited<ReturnType<typeof createPerson>> & { readonly now: () => number };

async function incident(box: Sandbox, at: number, more: object): Promise<void> {
  const lines = createJsonLines({
    folder: box.path(FOLDER, "activity"),
    name: "incidents",
    clock: { now: () => epochMs(at) },
    maxBytes: 5_000_000,
    maxFiles: 5,
  });
  lines.append({ at, kind: "problem", level: "error", ...more });
  (await lines.close())._unsafeUnwrap();
}
