import { accountId, parseAlias } from "@open-multi-auth/domain";
import type { Candidate } from "@open-multi-auth/scheduler";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  failed,
  nextAccount,
  passedOver,
  reasonsOf,
  resumed,
  sending,
  startFailover,
  trying,
} from "./failover-session.ts";

const [a, b, c] = ["a", "b", "c"].map(accountId) as [
  ReturnType<typeof accountId>,
  ReturnType<typeof accountId>,
  ReturnType<typeof accountId>,
];

describe("FailoverSession", () => {
  it("CON-08: stops after the budget for transient failures, however many accounts wait", () => {
    let session = startFailover([a, b, c], 2);
    for (const id of [a, b]) session = failed(trying(session, id), id, "transient", true);
    expect(nextAccount(session)).toBeUndefined();
    expect(reasonsOf(session, [candidate("a"), candidate("b"), candidate("c")])).toEqual(
      new Map([
        [a, "transient"],
        [b, "transient"],
        [c, "skipped"],
      ]),
    );
  });

  it("CON-16: `skipped` never replaces a cause, and a cause replaces `skipped`", () => {
    const quota = failed(trying(startFailover([a, b], 3), a), a, "quota-exhausted", false);
    expect(passedOver(quota, a, "skipped").reasons.get(a)).toBe("quota-exhausted");
    expect(failed(passedOver(quota, b, "skipped"), b, "no-token", false).reasons.get(b)).toBe("no-token");
  });

  it.each([
    ["disabled", "disabled"],
    ["auth-invalid", "expired-refresh-failed"],
    ["cooling-down", "cooling-down"],
    ["workspace-resting", "workspace-deactivated"],
    ["model-resting", "model-unsupported"],
    ["health-down", "transient"],
  ] as const)("CON-16: an account that is %s has the reason %s", (code, reason) => {
    expect(reasonsOf(startFailover([], 3), [candidate("a", code)]).get(a)).toBe(reason);
  });

  it("CON-16: an account whose sign-in was found dead before keeps the reason of that", () => {
    const dead = { ...candidate("a", "auth-invalid"), authInvalidReason: "no-token" } as const;
    expect(reasonsOf(startFailover([], 3), [dead]).get(a)).toBe("no-token");
    const off = { ...dead, reasons: ["disabled", "auth-invalid"] } as const;
    expect(reasonsOf(startFailover([], 3), [off]).get(a)).toBe("disabled");
  });

  it("CON-08, CON-25: goes on with repaired accounts, but never with one that was sent to", () => {
    let session = sending(trying(startFailover([a, b], 3), a), a);
    session = failed(session, a, "quota-exhausted", false);
    session = failed(trying(session, b), b, "expired-refresh-failed", false);
    expect(resumed(session, [a, b, c], () => true).waiting).toEqual([b, c]);
    expect(resumed(session, [a, b, c], () => false).waiting).toEqual([c]);
  });

  it("FAI-04: a session starts without reasons and keeps them over its hops", () => {
    const start = startFailover([a, b], 3);
    expect(start.reasons.size).toBe(0);
    const hop = failed(trying(start, a), a, "quota-exhausted", false);
    expect(failed(trying(hop, b), b, "transient", true).reasons).toEqual(
      new Map([
        [a, "quota-exhausted"],
        [b, "transient"],
      ]),
    );
  });

  it("FAI-05, CON-08, CON-16: any mix of failures ends after at most one try of each account, with one reason each", () => {
    const ends = ["quota-exhausted", "no-token", "transient", "model-unsupported", "over", "served"] as const;
    const walk = fc.record({
      outcomes: fc.array(fc.constantFrom(...ends), { maxLength: 12 }),
      ineligible: fc.nat(4),
      budget: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(walk, ({ outcomes, ineligible, budget }) => {
        const ids = outcomes.map((_, index) => accountId(`acc${index}`));
        const resting = Array.from({ length: ineligible }, (_, index) =>
          candidate(`rest${index}`, "cooling-down"),
        );
        let session = startFailover(ids, budget);
        let served: string | undefined;
        let steps = 0;
        for (
          let id = nextAccount(session);
          id !== undefined && served === undefined;
          id = nextAccount(session)
        ) {
          steps += 1;
          const outcome = outcomes[ids.indexOf(id)] ?? "served";
          if (outcome === "over") session = passedOver(session, id, "cooling-down");
          else if (outcome === "served") served = id;
          else session = failed(trying(session, id), id, outcome, outcome === "transient");
          expect(steps).toBeLessThanOrEqual(ids.length);
        }
        const reasons = reasonsOf(session, [...ids.map((id) => candidate(id)), ...resting]);
        expect(new Set(session.tried).size).toBe(session.tried.length);
        expect(reasons.size).toBe(ids.length + ineligible);
        expect(
          session.tried.filter((id) => session.reasons.get(id) === "transient").length,
        ).toBeLessThanOrEqual(budget);
        // One that could have served was reached unless the budget was spent before it.
        const firstServing = outcomes.indexOf("served");
        const spent = outcomes.slice(0, firstServing).filter((outcome) => outcome === "transient").length;
        expect(served).toBe(firstServing >= 0 && spent < budget ? ids[firstServing] : undefined);
      }),
    );
  });
});

function candidate(id: string, code?: Candidate["reasons"][number]): Candidate {
  const alias = parseAlias(id)._unsafeUnwrap();
  return {
    accountId: accountId(id),
    alias,
    eligible: code === undefined,
    reasons: code === undefined ? [] : [code],
  };
}
