import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigSite } from "./config-files.ts";
import type { JournalEntry } from "./journal.ts";
import { planInstall, planRemoval, type ConfigFile, type Plan } from "./plan.ts";

const SPEC = "@open-multi-auth/opencode@1.2.3";
const isOurs = () => (spec: string) => spec.startsWith("@open-multi-auth/opencode");
const SITE: ConfigSite = {
  scope: "global",
  files: ["/c/opencode.jsonc", "/c/opencode.json", "/c/config.json"],
  create: "/c/opencode.jsonc",
};

describe("planInstall", () => {
  it("makes the file where there is none", () => {
    const { changes } = install([null, null, null]);
    expect(changes).toEqual([
      {
        path: "/c/opencode.jsonc",
        before: null,
        after: `{\n  "$schema": "https://opencode.ai/config.json",\n  "plugin": ["${SPEC}"]\n}\n`,
      },
    ]);
  });

  it.each([
    [
      "the strongest file with a list, which hides weaker ones",
      ["{}", '{"plugin":["b"]}', '{"plugin":["c"]}'],
      1,
    ],
    ["the strongest file where none has a list", [null, "{}", "{}"], 1],
    ["the only file", [null, null, "{}"], 2],
    ["the strongest list", ['{"plugin":[]}', '{"plugin":["b"]}', null], 0],
  ])("edits %s", (_name, texts, index) => {
    expect(install(texts).changes.map(({ path }) => path)).toEqual([SITE.files[index]]);
  });

  it("takes an older entry out of the other files of the place", () => {
    const { changes } = install(['{"plugin":["a"]}', '{"plugin":["@open-multi-auth/opencode@1.0.0"]}', null]);
    expect(changes.map(({ path, after }) => [path, after])).toEqual([
      ["/c/opencode.json", '{"plugin":[]}'],
      ["/c/opencode.jsonc", `{"plugin":["a", "${SPEC}"]}`],
    ]);
  });

  it("plans nothing where everything is as it should be", () => {
    expect(install([`{"plugin":["${SPEC}"]}`, null, null]).changes).toEqual([]);
  });

  it("refuses a malformed file, naming it, the line and the fix", () => {
    const refused = planInstall(SITE, files(["{\n  oops\n}", '{"plugin":[]}', null]), SPEC, {
      isOurs,
      journal: [],
    });
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      code: "CONFIG_INVALID",
      details: { path: "/c/opencode.jsonc", line: 2, fix: expect.stringContaining("line 2") },
    });
  });
});

describe("planRemoval", () => {
  it("AUT-13: puts back every byte of any file, also after installing twice with different versions", () => {
    const space = fc.constantFrom("", " ", "\n", "\r\n", "\t", "  // note\n", " /* x */ ");
    const list = fc.constantFrom("", '"plugin": []', '"plugin": ["a" , "b",]', '"plugin" : [\n "a" // c\n ]');
    const text = fc
      .tuple(space, space, fc.constantFrom("", '"a": 1'), space, list, space, space)
      .map(([s0, s1, a, s2, p, s3, s4]) => {
        const comma = a !== "" && p !== "" ? "," : "";
        return `${s0}{${s1}${a}${comma}${s2}${p}${s3}}${s4}`;
      });
    fc.assert(
      fc.property(fc.option(text), (before) => {
        const first = install([null, before, null], [], "@open-multi-auth/opencode@1.0.0");
        const second = install(textsAfter([null, before, null], first), first.journal);
        const installed = textsAfter(textsAfter([null, before, null], first), second);
        expect(installed.join("")).toContain(SPEC);
        const removal = planRemoval(files(installed), { isOurs, journal: second.journal })._unsafeUnwrap();
        expect(textsAfter(installed, removal)).toEqual([null, before, null]);
        expect(removal.journal).toEqual([]);
      }),
    );
  });

  it("keeps what others have written since, and drops a list that only we needed", () => {
    const before = '{\n  "a": 1\n}\n';
    const installed = install([null, before, null]);
    const edited = textsAfter([null, before, null], installed).map(
      (text) => text?.replace('"a": 1,', '"a": 2, // mine') ?? null,
    );
    const { changes } = planRemoval(files(edited), { isOurs, journal: installed.journal })._unsafeUnwrap();
    expect(changes[0]?.after).toBe('{\n  "a": 2 // mine\n}\n');
  });

  it("takes an entry out without any journal and leaves the list to its owner", () => {
    const plan = planRemoval(files([`{"plugin":["${SPEC}"]}`, null, null]), { isOurs, journal: [] });
    expect(plan._unsafeUnwrap().changes[0]?.after).toBe('{"plugin":[]}');
  });
});

function install(
  texts: readonly (string | null)[],
  journal: readonly JournalEntry[] = [],
  spec = SPEC,
): Plan {
  return planInstall(SITE, files(texts), spec, { isOurs, journal })._unsafeUnwrap();
}

function files(texts: readonly (string | null)[]): ConfigFile[] {
  return SITE.files.map((path, index) => ({ path, text: texts[index] ?? null }));
}

function textsAfter(texts: readonly (string | null)[], { changes }: Plan): (string | null)[] {
  return files(texts).map(({ path, text }) => {
    const change = changes.find((candidate) => candidate.path === path);
    return change ? change.after : text;
  });
}
