import { describe, expect, it } from "vitest";
import { runOpenCode } from "../src/index.ts";
import { createRig } from "./rig.ts";

const FOUR = ["work", "home", "club", "lab"].map((alias) => ({ alias }));

describe("four OpenCode processes started at the same moment", () => {
  it("CON-17: use at least three of four accounts for their first request", async () => {
    await using rig = await createRig({ accounts: FOUR });
    // OpenCode sets up its database at its very first start; several at once would collide there.
    expect(await runOpenCode(rig.home, "say hello")).toMatchObject({ exitCode: 0 });
    const before = rig.requests().length;
    const runs = await Promise.all(FOUR.map(({ alias }) => runOpenCode(rig.home, `for ${alias}`)));
    const failures = runs.map(({ exitCode, stderr }) => (exitCode === 0 ? "" : stderr));
    expect(failures).toEqual(["", "", "", ""]);
    const first = rig.requests().slice(before);
    expect(first).toHaveLength(4);
    expect(new Set(first.map(({ alias }) => alias)).size).toBeGreaterThanOrEqual(3);
  });
});
