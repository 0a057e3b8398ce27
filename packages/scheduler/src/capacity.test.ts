import { describe, expect, it } from "vitest";
import { account, at, constant, MINUTE, NOW, settings } from "../test/builders.ts";
import { applyAccountEvent } from "./account-event.ts";

const refused = (inFlight: number, cap?: number) =>
  applyAccountEvent(
    account("a", cap === undefined ? {} : { concurrency: { cap, refusedAt: at(-MINUTE) } }),
    { kind: "transient", retryAfterMs: 2_000, inFlight },
    { settings: settings(), now: NOW, random: constant(0) },
  );
const served = (cap: number, ms: number) =>
  applyAccountEvent(
    account("a", { concurrency: { cap, refusedAt: NOW } }),
    { kind: "served", startedAt: at(ms) },
    { settings: settings(), now: at(ms), random: constant(0) },
  ).concurrency;

describe("the learned capacity of an account", () => {
  it("is one less than were under way when upstream refused the last of them", () => {
    expect(refused(4).concurrency).toEqual({ cap: 3, refusedAt: NOW });
    expect(refused(2).concurrency).toEqual({ cap: 1, refusedAt: NOW });
  });

  it("is not learned from a request that was alone", () => {
    expect(refused(1)).not.toHaveProperty("concurrency");
    expect(refused(1, 3).concurrency).toEqual({ cap: 3, refusedAt: at(-MINUTE) });
  });

  it("is never raised by a refusal", () => {
    expect(refused(9, 2.4).concurrency).toEqual({ cap: 2.4, refusedAt: NOW });
  });

  it("grows with each answer once half an hour has passed since the last refusal", () => {
    expect(served(2, 30 * MINUTE - 1)).toEqual({ cap: 2, refusedAt: NOW });
    expect(served(2, 30 * MINUTE)).toEqual({ cap: 2.02, refusedAt: NOW });
  });

  it("is forgotten once it is more than any account is known to take", () => {
    expect(served(15.98, 30 * MINUTE)).toEqual({ cap: 16, refusedAt: NOW });
    expect(served(16, 30 * MINUTE)).toBeUndefined();
  });
});
