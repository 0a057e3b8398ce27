import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { gatewaySoak, violationsOf } from "../src/gateway-soak/gateway-soak.ts";

/** About as many faults as half an hour of a person's work would meet. */
const ROUNDS = 60;

it("GWY-06: under faults at random the gateway serves 99.9 % of what some account could serve, leaks nothing, and leaves no rejection behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oma-gateway-soak-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const goesOn = (round: number): boolean => round < ROUNDS;
  const lived = await gatewaySoak({ folder, seed: 1, goesOn, restMs: 0, print: () => {} });
  expect(violationsOf(lived)).toEqual([]);
  expect(lived.rounds).toBe(ROUNDS);
  expect(lived.served).toBeGreaterThan(ROUNDS * 10);
  const leaking = lived.heap.map((bytes, sample) => bytes + sample * 3_000_000);
  const broken = {
    ...lived,
    failed: ["429"],
    heap: leaking,
    complaint: "the gateway ended by itself with 1",
  };
  expect(violationsOf({ ...broken, served: 900 })).toHaveLength(3);
});
