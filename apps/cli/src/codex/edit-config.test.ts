import { parse } from "@decimalturn/toml-patch";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyIn, otherProfile, withGateway, withoutGateway } from "./edit-config.ts";

const ACCESS = { port: 4141, key: "oma_key", keyName: "codex" };

const CONFIGS: Readonly<Record<string, string>> = {
  "an empty file": "",
  "only a comment": "# mine\n",
  "no newline at its end": 'model = "gpt-5.5"',
  "settings and tables":
    '# mine\nmodel = "x" # best\n\n# about features\n[features]\nweb = true # yes\n\n# the end\n',
  "another provider":
    'model = "x"\nmodel_provider = "azure" # mine\n\n[model_providers.azure]\nname = \'az\'\n\n[projects."/home/ann/x"]\ntrust_level = "trusted"\n',
  "another provider, last in a table-less file": 'model_provider="azure"',
  "a quoted name": '"model_provider" = "azure"\n[model_providers.azure]\nname = "a"\n',
  "the same name in a table": '[profiles.a]\nmodel_provider = "azure"\n',
  "Windows line ends": 'model = "x"\r\nmodel_provider = "azure"\r\n\r\n[a]\r\nb = 1',
  "a byte order mark": '\uFEFFmodel = "x"\n',
  "texts of many lines":
    'a = """\nmodel_provider = "no"\n[x]\n"""\nb = [\n  [1],\n]\nmodel_provider = "azure"\n',
  "dates and numbers": "d = 1979-05-27T07:32:00Z\nt = 07:32:00\nf = 1.50\ni = 0x1F\nn = nan\n",
  "dotted names": 'model_providers.azure.name = "a"\n',
};

describe("withGateway", () => {
  it.each(Object.entries(CONFIGS))(
    "GWY-02: keeps every line of a file with %s, and comes off again",
    (_name, text) => {
      const edited = withGateway(text, ACCESS)._unsafeUnwrap();
      expect(parse(edited)).toMatchObject({
        model_provider: "open-multi-auth",
        model_providers: {
          "open-multi-auth": { base_url: "http://127.0.0.1:4141/v1", experimental_bearer_token: "oma_key" },
        },
      });
      for (const line of text.replace("\uFEFF", "").split(/\r?\n/)) expect(edited).toContain(line);
      expect(keyIn(edited)).toBe("oma_key");
      expect(withoutGateway(edited)).toBe(text);
    },
  );

  it("GWY-02: comes off also where the person has written before, into and after it since", () => {
    const edited = withGateway(CONFIGS["another provider"] ?? "", ACCESS)._unsafeUnwrap();
    const lived = `# new head\n${edited.replace('model = "x"', 'model = "y"')}\n[tui]\nnotifications = true\n`;
    expect(withoutGateway(lived)).toBe(
      `# new head\n${CONFIGS["another provider"]?.replace('model = "x"', 'model = "y"')}\n[tui]\nnotifications = true\n`,
    );
  });

  it.each([
    ["another provider", CONFIGS["another provider"] ?? null],
    ["no newline at its end", CONFIGS["no newline at its end"] ?? null],
    ["nothing in it before", null],
  ])("GWY-02: keeps the tables that the Codex CLI adds to a file with %s", (_name, text) => {
    const edited = withGateway(text, ACCESS)._unsafeUnwrap();
    // It keeps the comments at a file's end behind them.
    const added =
      '\n[projects."/home/ann/[a]"]\ntrust_level = "trusted"\n\n# tools\n[mcp_servers.b]\ncommand = "b"\n';
    const lived = edited.replace("# <<<", `${added}# <<<`);
    const kept = text === null || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
    expect(withoutGateway(lived)).toBe(kept + added);
    const again = withGateway(lived, { ...ACCESS, port: 4242 })._unsafeUnwrap();
    expect(parse(again)).toMatchObject({
      mcp_servers: { b: { command: "b" } },
      model_provider: "open-multi-auth",
    });
    expect(withoutGateway(again)).toBe(kept + added);
  });

  it("GWY-02: comes off also where the end of its part was taken away", () => {
    const edited = withGateway("a = 1\n", ACCESS)
      ._unsafeUnwrap()
      .replace(/# <<<.*\n/, "");
    expect(withoutGateway(edited)).toBe("a = 1\n");
    expect(withoutGateway(`${edited}\n[b]\nc = 2\n`)).toBe("a = 1\n\n[b]\nc = 2\n");
  });

  it("takes nothing away that it did not write, even under its own heading", () => {
    const text = '# >>> open-multi-auth, key "z" (oma install codex)\na = 1\n';
    expect(withoutGateway(text)).toBe("a = 1\n");
  });

  it("makes the file where there is none, and takes it away again", () => {
    const made = withGateway(null, ACCESS)._unsafeUnwrap();
    expect(withoutGateway(made)).toBeNull();
    expect(withoutGateway(`${made}model = 1\n`)).toBe("model = 1\n");
    const again = withGateway(made, { ...ACCESS, port: 4242 })._unsafeUnwrap();
    expect(withoutGateway(again)).toBeNull();
  });

  it("is installed anew in its own place", () => {
    const once = withGateway(CONFIGS["another provider"] ?? "", ACCESS)._unsafeUnwrap();
    expect(withGateway(once, ACCESS)._unsafeUnwrap()).toBe(once);
    const moved = withGateway(once, { ...ACCESS, port: 4242 })._unsafeUnwrap();
    expect(moved).toBe(once.replace("4141", "4242"));
  });

  it.each([
    ["what is no TOML", "a = \n", { line: 1 }],
    [
      "a provider of that name",
      '[model_providers.open-multi-auth]\nname = "x"\n',
      { problem: expect.stringContaining("not written by oma") },
    ],
    [
      "providers in one line",
      'model_providers = { a = { name = "a" } }\n',
      { problem: expect.stringContaining("does not edit") },
    ],
    [
      "a choice over many lines",
      'model_provider = """\nazure"""\n',
      { problem: expect.stringContaining("does not edit") },
    ],
  ])("refuses %s", (_name, text, problem) => {
    expect(withGateway(text, ACCESS)._unsafeUnwrapErr()).toMatchObject(problem);
  });

  it("comes off any file it was put into", () => {
    const line = fc.constantFrom(
      "",
      "# c",
      "a = 1 # x",
      "[t]",
      "b = 2",
      '  model_provider = "m"',
      "[[u]]",
      "  # d",
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), fc.boolean(), (lines, newline, isEnded) => {
        const text = lines.join(newline) + (isEnded ? newline : "");
        const edited = withGateway(text, ACCESS);
        fc.pre(edited.isOk());
        expect(withoutGateway(edited._unsafeUnwrap())).toBe(text);
      }),
    );
  });
});

describe("otherProfile", () => {
  it("names the profile in use that has a provider of its own", () => {
    const text = 'profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n';
    expect(otherProfile(text)).toBe("work");
    expect(otherProfile(text.replace("azure", "open-multi-auth"))).toBeUndefined();
    expect(otherProfile('[profiles.work]\nmodel_provider = "azure"\n')).toBeUndefined();
  });
});
