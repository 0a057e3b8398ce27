import { describe, expect, it } from "vitest";
import { commands } from "./commands/index.ts";
import { run } from "./run.ts";
import { fakeContext } from "./testing.ts";

describe("run", () => {
  it("shows all commands without a command", async () => {
    const context = fakeContext();
    expect(await run([], context)).toBe(0);
    for (const { name } of commands) expect(context.printed.join()).toContain(`\n  ${name} `);
  });

  it.each(commands.map(({ name }) => [name]))("shows what %s takes, with an example", async (name) => {
    const context = fakeContext();
    expect(await run([name, "--help"], context)).toBe(0);
    expect(context.printed.join()).toMatch(
      new RegExp(`Usage {2}oma ${name}[^]*Examples\\n {2}\\$ oma ${name}`),
    );
    const asked = fakeContext();
    expect(await run(["help", name], asked)).toBe(0);
    expect(asked.printed).toEqual(context.printed);
  });

  it("ends an unknown command with 2 and the likely one", async () => {
    const context = fakeContext();
    expect(await run(["lisst"], context)).toBe(2);
    expect(context.errors).toEqual([
      'error UNKNOWN_COMMAND: there is no command "lisst"\nfix: did you mean `oma list`?',
    ]);
  });

  it("finds no command by the names that objects have", async () => {
    expect(await run(["constructor"], fakeContext())).toBe(2);
  });

  it("ends wrong usage with 2 and how to call it", async () => {
    const context = fakeContext();
    expect(await run(["enable"], context)).toBe(2);
    expect(context.errors).toEqual(["error USAGE: <alias> is missing\nfix: see `oma enable --help`"]);
  });

  it("stops with 2 on a variable that is not what it must be, naming it and not its value", async () => {
    const context = fakeContext({
      env: { OPENCODE_MULTI_AUTH_UPSTREAM_URL: "http://elsewhere.example/key-123" },
    });
    expect(await run(["list"], context)).toBe(2);
    expect(context.errors.join()).toContain(
      "ENVIRONMENT_INVALID: OPENCODE_MULTI_AUTH_UPSTREAM_URL must be an https URL",
    );
    expect(context.errors.join()).not.toContain("key-123");
    expect(await run(["list", "--help"], context)).toBe(0);
  });

  it("ends a bug with 1, without a stack and without secrets", async () => {
    const out = {
      ...fakeContext().out,
      print: () => {
        throw new Error("refresh_token=rt_secret_12345678");
      },
    };
    const context = fakeContext({ out });
    expect(await run([], context)).toBe(1);
    expect(context.errors.join()).toMatch(/^error INTERNAL_ERROR: /);
    expect(context.errors.join()).not.toContain("rt_secret");
  });
});
