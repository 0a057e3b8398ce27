import { describe, expect, it } from "vitest";
import { forceOf, parseForceRequest } from "./force.ts";
import { forceView, forceViewSchema } from "./force-view.ts";
import { parseAlias } from "./ids.ts";
import { emptyStore, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const WORK = parseAlias("work")._unsafeUnwrap();
const UNTIL = epochMs(1_795_348_800_000);
const FORCED: StoreV2 = {
  ...emptyStore(),
  forcedAlias: WORK,
  forcedUntil: UNTIL,
  forcedBy: { via: "cli", user: "ann" },
  rotationStrategy: "random",
  previousRotationStrategy: "least-used",
};

describe("parseForceRequest", () => {
  it("takes an alias and nothing else", () => {
    expect(parseForceRequest({ alias: "work" })._unsafeUnwrap()).toEqual({ alias: "work" });
  });

  it.each(["until", "forcedUntil", "hours", "durationMs", "expiresAt"])(
    "FRC-11: refuses an end time that the sender brings as %s, and names the field",
    (field) => {
      const { code, details } = parseForceRequest({ alias: "work", [field]: 99 })._unsafeUnwrapErr();
      expect(code).toBe("VALIDATION_ERROR");
      expect(details.issues).toEqual([
        { field, constraint: expect.stringContaining("24 hours after its activation"), value: 99 },
      ]);
    },
  );

  it.each([undefined, null, "work", [], {}, { alias: 5 }, { alias: "no spaces" }, { alias: "" }])(
    "refuses %j",
    (input) => {
      expect(parseForceRequest(input)._unsafeUnwrapErr().code).toBe("VALIDATION_ERROR");
    },
  );
});

describe("forceView", () => {
  it("tells whom, until when, by whom, and what follows", () => {
    const view = forceView(FORCED);
    expect(forceViewSchema.strict().parse(view)).toEqual({
      active: true,
      alias: "work",
      until: "2026-11-22T12:00:00.000Z",
      by: { via: "cli", user: "ann" },
      strategy: "least-used",
    });
    expect(forceView(emptyStore())).toEqual({ active: false, strategy: "round-robin" });
  });

  it("shows a store that was edited by hand as far as it goes", () => {
    expect(forceOf({ ...FORCED, forcedUntil: null })).toBeNull();
    const odd: StoreV2 = {
      ...FORCED,
      forcedUntil: epochMs(1e300),
      forcedBy: null,
      previousRotationStrategy: null,
    };
    expect(forceView(odd)).toEqual({ active: true, alias: "work", strategy: "random" });
  });
});
