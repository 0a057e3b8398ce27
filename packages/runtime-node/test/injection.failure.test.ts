import type { Step } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";
import { createRig } from "./rig.ts";

const refusal = (status: number): Step => ({
  kind: "status",
  status,
  body: { error: { code: "refused", message: "no" } },
  times: "always",
});

/** What the first account answers, what that is taken for, and what is remembered of the account. */
const FAILURES: readonly (readonly [name: string, step: Step, verdict: string, mark: string])[] = [
  ["401", refusal(401), "auth", "authInvalid"],
  ["403", refusal(403), "auth", "authInvalid"],
  ["429 usage limit", { kind: "usage-limit", times: "always" }, "quota", "rateLimitedUntil"],
  [
    "402 deactivated workspace",
    { kind: "deactivated-workspace", times: "always" },
    "workspace",
    "workspaceDeactivatedUntil",
  ],
  ["400 unsupported model", { kind: "model-unsupported", times: "always" }, "model", "modelUnsupported"],
];

describe("a failure of the upstream", () => {
  it.each(FAILURES)(
    "VAL-02: %s: the same prompt is answered by the other account, and the first gets no further request",
    async (_name, step, verdict, mark) => {
      await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
      rig.sim.script("work", [step]);
      const answers = [];
      for (let turn = 0; turn < 6; turn += 1) answers.push(await rig.ask());
      expect(answers.map(({ status, text }) => [status, text.includes("home answered")])).toEqual(
        Array.from({ length: 6 }, () => [200, true]),
      );
      await rig.pool.store.flush();
      const records = (await rig.pool.decisions.read(10))._unsafeUnwrap();
      const failed = records.flatMap(({ attempts }) => attempts.filter(({ alias }) => alias === "work"));
      expect(new Set(failed.map((attempt) => attempt.verdict))).toEqual(new Set([verdict]));
      // Once, and for a refused login once more with a renewed token.
      const reached = rig.sim
        .log()
        .filter(({ endpoint, alias }) => endpoint === "responses" && alias === "work");
      expect(reached).toHaveLength(verdict === "auth" ? 2 : 1);
      expect(Object.keys(rig.account("work"))).toContain(mark);
      expect(rig.problems).toEqual([]);
    },
  );

  it("VAL-02: a 5xx, a reset and an overload in one minute cost no answer either", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }, { alias: "spare" }]);
    rig.sim.script("work", [{ kind: "server-error" }]);
    rig.sim.script("home", [{ kind: "reset" }]);
    const answers = [await rig.ask(), await rig.ask(), await rig.ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
