import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fingerprint } from "@open-multi-auth/auth-oauth";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { createRig } from "./rig.ts";

const SCRIPT = fileURLToPath(new URL("other-process.ts", import.meta.url));

describe("a serving pool", () => {
  it("CON-25: serves with what another process repaired the moment before", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const { alias } = rig.account("work");
    const disabled = await rig.pool.store.update((store) =>
      ok({ ...store, accounts: { [alias]: { ...rig.account("work"), enabled: false } } }),
    );
    disabled._unsafeUnwrap();
    await expect(rig.ask()).rejects.toThrow("_unsafeUnwrap");
    // It may still hold the lock for what it writes behind.
    (await rig.pool.flush())._unsafeUnwrap();
    // This process stands still meanwhile, so it has not noticed when it is asked.
    execFileSync(process.execPath, ["--conditions=@open-multi-auth/source", SCRIPT, "enable"], {
      env: { ...process.env, ...rig.env },
    });
    expect(rig.account("work").enabled).toBe(false);
    expect((await rig.ask()).text).toContain("work answered");
  });

  it("AUT-11: leaves an imported login usable for the tool it came from after a refresh", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const { alias, accessToken, refreshToken } = rig.account("work");
    const path = join(rig.env["HOME"]!, "auth.json");
    const tokens = { access_token: accessToken, refresh_token: refreshToken };
    await writeFile(path, JSON.stringify({ OPENAI_API_KEY: null, tokens }), { mode: 0o600 });
    const file = { kind: "codex-auth-json" as const, path, fingerprint: fingerprint(refreshToken) };
    const imported = await rig.pool.store.update((store) =>
      ok({ ...store, accounts: { [alias]: { ...rig.account("work"), sharedWith: [file] } } }),
    );
    imported._unsafeUnwrap();
    rig.sim.expireAccessToken("work");
    expect((await rig.ask()).text).toContain("work answered");
    const now = rig.sim.tokensOf("work");
    expect(now.refreshToken).not.toBe(refreshToken);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      tokens: { access_token: now.accessToken, refresh_token: now.refreshToken },
    });
  });
});
