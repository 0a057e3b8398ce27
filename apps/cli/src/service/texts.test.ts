import { describe, expect, it } from "vitest";
import { keptEnvironment } from "./kept-environment.ts";
import { launchd } from "./launchd.ts";
import { systemd } from "./systemd.ts";

const nothing = () => Promise.resolve(undefined);

describe("the files of services", () => {
  const spec = {
    name: "gateway" as const,
    command: ["/opt/no de/$x/100%/node", String.raw`/home/a"b\c/oma.js`, "gateway", "--port", "$HOME"],
    environment: { OPENCODE_MULTI_AUTH_STORE_DIR: `/home/ann/<my & "own"> $pool%h` },
  };

  it("keep every path as it is, whatever is in it: systemd", () => {
    const manager = systemd("/home/ann/.config", nothing);
    expect(manager.path("gateway")).toBe("/home/ann/.config/systemd/user/open-multi-auth-gateway.service");
    const lines = manager.text(spec).split("\n");
    expect(lines[0]).toContain("oma service uninstall");
    expect(lines).toContain(
      String.raw`ExecStart="/opt/no de/$x/100%%/node" "/home/a\"b\\c/oma.js" "gateway" "--port" "$$HOME"`,
    );
    expect(lines).toContain(
      String.raw`Environment="OPENCODE_MULTI_AUTH_STORE_DIR=/home/ann/<my & \"own\"> $pool%%h"`,
    );
  });

  it("keep every path as it is, whatever is in it: launchd", () => {
    const manager = launchd("/Users/ann", 501, nothing);
    expect(manager.path("dashboard")).toBe("/Users/ann/Library/LaunchAgents/open-multi-auth.dashboard.plist");
    const text = manager.text(spec);
    for (const word of ["/opt/no de/$x/100%/node", String.raw`/home/a"b\c/oma.js`, "$HOME"])
      expect(text).toContain(`<string>${word}</string>`);
    expect(text).toContain(`<string>/home/ann/&lt;my &amp; "own"&gt; $pool%h</string>`);
    expect(text).toContain("<string>/Users/ann/Library/Logs/open-multi-auth-gateway.log</string>");
  });

  it("are given what decides where things are, and no secret", () => {
    const given = keptEnvironment({
      PATH: "/usr/bin",
      HOME: "/home/ann",
      OPENCODE_MULTI_AUTH_STORE_DIR: "/pool",
      OPENCODE_MULTI_AUTH_PASSPHRASE: "correct horse",
      OPENCODE_MULTI_AUTH_NOTIFY: "",
      OPENCODE_MULTI_AUTH_DEBUG: "1\nExecStart=/bin/evil",
      OPENAI_API_KEY: "sk-secret",
      HTTPS_PROXY: "http://proxy:3128",
    });
    expect(given).toEqual({
      kept: { HTTPS_PROXY: "http://proxy:3128", OPENCODE_MULTI_AUTH_STORE_DIR: "/pool", PATH: "/usr/bin" },
      left: ["OPENCODE_MULTI_AUTH_DEBUG", "OPENCODE_MULTI_AUTH_PASSPHRASE"],
    });
  });
});
