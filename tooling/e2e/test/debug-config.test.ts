import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createOpenCodeHome, debugConfig, type OpenCodeHome } from "../src/index.ts";

const pluginPath = fileURLToPath(new URL("./fixtures/echo-plugin.js", import.meta.url));
const pluginUrl = pathToFileURL(pluginPath).href;

describe("debugConfig", () => {
  let home: OpenCodeHome;
  beforeEach(async () => void (home = await createOpenCodeHome({ pluginPath })));
  afterEach(() => home.dispose());

  it("shows what OpenCode makes of the home's and the project's files", async () => {
    await writeFile(
      join(home.folders.work, "opencode.json"),
      JSON.stringify({ plugin: [[pluginUrl, { a: 1 }]] }),
    );
    expect((await debugConfig(home))._unsafeUnwrap()).toMatchObject({
      model: "openai/gpt-5.5",
      plugin: [[pluginUrl, { a: 1 }]],
    });
  });

  it("sees no configuration from above the home's project", async () => {
    await writeFile(
      join(home.folders.home, "opencode.json"),
      JSON.stringify({ plugin: ["file:///stray.js"] }),
    );
    expect((await debugConfig(home))._unsafeUnwrap().plugin).toEqual([pluginUrl]);
  });

  it("fails with OpenCode's own words over a file it cannot read", async () => {
    await writeFile(home.configFile, "{ broken");
    const error = (await debugConfig(home))._unsafeUnwrapErr();
    expect(error.code).toBe("OPENCODE_CONFIG_NOT_SHOWN");
    expect(error.details.output).toContain(home.configFile);
  });
});
