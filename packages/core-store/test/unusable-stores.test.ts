import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { emptyStore, epochMs, failure } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PoolStore, StoreError } from "../src/index.ts";
import { openStore } from "../src/node/index.ts";
import { dressed } from "../src/node/sealed-bytes.ts";
import { storeText } from "../src/store-text.ts";
import { filesIn, namesIn, random, temporaryFolder, testAccount, until, withAccount } from "./support.ts";
import { KEY, KEYS } from "./torture/sealing.ts";

const clock = { now: () => epochMs(Date.UTC(2026, 10, 21, 12)) };
const text = storeText(withAccount(emptyStore(), testAccount("work")));
const sealed = Buffer.from(dressed(text, KEY));

let folder: string;
let file: string;
let evidence: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
  evidence = `${file}.corrupt-2026-11-21T12-00-00.000Z`;
});

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), content, { mode: 0o600 });
}

const problems: StoreError[] = [];
async function open(): Promise<PoolStore> {
  problems.length = 0;
  const onProblem = (problem: StoreError) => void problems.push(problem);
  const store = (await openStore({ folder, clock, random, onProblem, keys: KEYS }))._unsafeUnwrap();
  onTestFinished(async () => void (await store.close()));
  return store;
}

const ELSEWHERE = "point OPENCODE_MULTI_AUTH_STORE_FILE elsewhere";
const NEWER = `use the version of this program that wrote it, or ${ELSEWHERE}`;
const newer = (version: number) => ({
  what: `is a store of version ${version}, newer than this program`,
  details: { shape: "newer", version, fix: NEWER },
});
const unknown = {
  what: "is not a store, and nothing shows that it ever was one",
  details: { shape: "unknown", fix: expect.stringMatching(`^${ELSEWHERE}, or move .*store.json away$`) },
};
const damagedSeal = {
  what: "is encrypted and so damaged that nothing can be read of it, and no other copy is there",
  details: {
    shape: "damaged-seal",
    fix: "bring back a copy of the folder; docs/OFFLINE_RECOVERY.md says what to do when there is none",
  },
};
const another = (shape: string) => ({
  what: `is a store of another program (${shape})`,
  details: {
    shape,
    fix: "move it away, and take its accounts over with `oma import --from` and its new place",
  },
});

describe("a store that cannot be used", () => {
  const cases: [string, Record<string, string | Uint8Array>, object, string?][] = [
    ["of a newer version", { "store.json": '{"version":7,"pools":[]}' }, newer(7)],
    ["sealed by a newer version", { "store.json": newerSeal(9) }, newer(9)],
    ["of something else", { "store.json": '{"hello":"world"}' }, unknown],
    ["encrypted by an earlier plugin", { "store.json": '{"encrypted":true}' }, another("encrypted")],
    ["cut short, once sealed", { "store.json": sealed.subarray(0, 200) }, damagedSeal],
    [
      "lost, its copy sealed and cut short",
      { "store.json.lkg": sealed.subarray(0, 200) },
      damagedSeal,
      ".lkg",
    ],
    ["lost, its copy of a newer version", { "store.json.lkg": '{"version":7}' }, newer(7), ".lkg"],
    [
      "broken, its copy of a newer version",
      { "store.json": "{", "store.json.lkg": '{"version":7}' },
      newer(7),
      ".lkg",
    ],
    [
      "behind a copy of a newer version",
      { "store.json": text, "store.json.lkg": '{"version":7}' },
      newer(7),
      ".lkg",
    ],
    ["no store, beside what is not ours", { "store.json": "{", "notes.txt": "mine" }, unknown],
  ];

  it.each(cases)(
    "%s says so, tells a way out, and stays as it is",
    async (_, files, expected, suffix = "") => {
      await put(files);
      const before = await filesIn(folder);
      const error = (await openStore({ folder, clock, random, keys: KEYS }))._unsafeUnwrapErr();
      const { what, details }: { what: string; details: object } = expected as never;
      const path = file + suffix;
      expect(error).toEqual(
        failure("STORE_UNSUPPORTED", `${path} ${what}; it was left untouched`, { file: path, ...details }),
      );
      expect(await filesIn(folder)).toEqual(before);
    },
  );
});

describe("a store that broke", () => {
  const damages: [string, string, string, { path: string; constraint: string }][] = [
    ["no JSON", "{", "", { path: "", constraint: "must be JSON in UTF-8" }],
    ["a list", "[]", "", { path: "", constraint: "must be a JSON object" }],
    [
      "a store with a broken setting",
      text.replace('"round-robin"', '"fastest"'),
      ", field rotationStrategy",
      { path: "rotationStrategy", constraint: expect.stringMatching(/^must be /) },
    ],
  ];
  const emptied: (typeof damages)[number] = [
    "emptied",
    " \n",
    "",
    { path: "", constraint: "must not be empty" },
  ];

  it.each([...damages, emptied])(
    "%s: is restored, and the person is told",
    async (_, broken, where, issue) => {
      await put({ "store.json": broken, "store.json.lkg": text });
      const { report } = await open();
      expect(report).toEqual({
        kind: "restored",
        quarantined: [],
        evidence,
        problem: {
          code: "STORE_CORRUPTED",
          message: `${file}${where} ${report.problem?.details.constraint}; the last good snapshot was restored; the file was kept as ${evidence}`,
          details: { file, ...issue, evidence, restoredFrom: "snapshot" },
        },
      });
      expect(await readFile(evidence, "utf8")).toBe(broken);
      expect(await readFile(file, "utf8")).toBe(text);
    },
  );

  it.each(damages)(
    "%s, without a copy: begins anew, and the person is told",
    async (_, broken, where, issue) => {
      await put({ "store.json": broken });
      const { report } = await open();
      expect(report).toEqual({
        kind: "created",
        quarantined: [],
        evidence,
        problem: {
          code: "STORE_CORRUPTED",
          message: `${file}${where} ${report.problem?.details.constraint}; there was no snapshot to restore; the file was kept as ${evidence}`,
          details: { file, ...issue, evidence, restoredFrom: "nothing" },
        },
      });
      expect(await readFile(evidence, "utf8")).toBe(broken);
    },
  );

  it("and its copy too: both are kept", async () => {
    await put({ "store.json": "{", "store.json.lkg": "[" });
    const { report } = await open();
    expect(report).toMatchObject({ kind: "created", evidence });
    expect(await namesIn(folder)).toEqual([
      "store.json",
      "store.json.corrupt-2026-11-21T12-00-00.000Z",
      "store.json.lkg",
      "store.json.lkg.corrupt-2026-11-21T12-00-00.000Z",
    ]);
  });

  it("gets a name of its own for its evidence where that is taken", async () => {
    await put({
      "store.json": "{",
      "store.json.lkg": text,
      [basename(evidence)]: "earlier",
    });
    expect((await open()).report.evidence).toBe(`${evidence}-1`);
    expect(await readFile(evidence, "utf8")).toBe("earlier");
  });

  it("while it is open, without a copy: goes on with what is in memory, and tells it", async () => {
    await put({ "store.json": text, "store.json.lkg": "[", "notes.txt": "not ours" });
    const store = await open();
    await put({ "store.json": "{", "store.json.lkg": "[" });
    (await store.reload())._unsafeUnwrap();
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
    expect(await readFile(file, "utf8")).toBe(text);
    await until(() => problems.length > 0);
    expect(problems).toEqual([
      failure(
        "STORE_CORRUPTED",
        `${file} must be JSON in UTF-8; there was no snapshot to restore; the file was kept as ${evidence}`,
        {
          file,
          path: "",
          constraint: "must be JSON in UTF-8",
          evidence,
          restoredFrom: "nothing",
        },
      ),
    ]);
  });

  it("while it is open, in one account: tells which, why, and where it is", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    const store = await open();
    const state = JSON.parse(text);
    await put({ "store.json": JSON.stringify({ ...state, accounts: { ...state.accounts, "b/ad": 5 } }) });
    (await store.reload())._unsafeUnwrap();
    await until(() => problems.length > 0);
    const [name = ""] = await namesIn(join(folder, "quarantine"));
    const path = join(folder, "quarantine", name);
    const constraint = "must be valid (1 to 64 letters, digits, '.', '_' or '-')";
    const issues = [constraint, "must be an object"].map((must) => ({
      path: "accounts.b/ad",
      constraint: must,
    }));
    expect(problems).toEqual([
      failure("ACCOUNT_QUARANTINED", `account b/ad: accounts.b/ad ${constraint}; it was moved to ${path}`, {
        alias: "b/ad",
        issues,
        file: path,
      }),
    ]);
    expect(name).toMatch(/^b_ad-[0-9a-f]{12}\.json$/);
    expect(await readFile(path, "utf8")).toBe(
      `${JSON.stringify({ alias: "b/ad", issues, account: 5 }, null, 2)}\n`,
    );
    expect(await readFile(file, "utf8")).toBe(text);
  });
});

const newerSeal = (version: number): string =>
  JSON.stringify({ ...JSON.parse(sealed.toString()), version }, null, 2);
