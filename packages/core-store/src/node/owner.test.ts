import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { liveness, thisProcess } from "./owner.ts";

const gone = spawnSync("/bin/true").pid;

describe.runIf(process.platform === "linux")("the owner of a file", () => {
  it("is told by its pid, its start, and the boot and namespace they mean something in", () => {
    const stat = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    expect(thisProcess()).toEqual({
      pid: process.pid,
      start: stat[19],
      host: `${boot}/${readlinkSync("/proc/self/ns/pid")}`,
    });
  });

  it.each([
    ["runs", {}, "alive"],
    ["is gone", { pid: gone }, "dead"],
    ["gave its pid to another", { start: "1" }, "dead"],
    ["told no start and runs", { start: "" }, "alive"],
    ["told no start and is gone", { start: "", pid: gone }, "dead"],
    ["is elsewhere", { host: "elsewhere" }, "foreign"],
    ["is gone, and elsewhere", { host: "elsewhere", pid: gone }, "foreign"],
  ])("that %s is known as such", async (_, told, state) => {
    expect(await liveness({ ...thisProcess(), ...told })).toBe(state);
  });
});
