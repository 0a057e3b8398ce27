import { createHash } from "node:crypto";
import type { Random } from "@open-multi-auth/domain";
import { thisProcess, type Owner } from "./owner.ts";

let minted = 0;

/**
 * A name no other claim or temporary file has, now or later: this process, then a count. Whose it is can be read
 * from it, so what a killed process left is known by its name alone.
 */
export function mintToken(random: Random): string {
  const { pid, start, host } = thisProcess();
  minted += 1;
  const salt = Math.floor(random.next() * 36 ** 6);
  return [hostMark(host), pid.toString(36), start, minted.toString(36), salt.toString(36)].join("-");
}

/** Whether text has the form of a token, and so is safe inside a file name. */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** The process that minted a token; its host is told only when it is ours. */
export function ownerOfToken(token: string): Owner | undefined {
  const groups = TOKEN.exec(token)?.groups;
  if (groups === undefined) return undefined;
  const { host } = thisProcess();
  return {
    pid: Number.parseInt(groups["pid"] ?? "", 36),
    start: groups["start"] ?? "",
    host: groups["mark"] === hostMark(host) ? host : "",
  };
}

const TOKEN =
  /^(?<mark>[0-9a-f]{6})-(?<pid>[0-9a-z]{1,8})-(?<start>[0-9]{0,20})-[0-9a-z]{1,10}-[0-9a-z]{1,6}$/;

const hostMark = (host: string): string => createHash("sha256").update(host).digest("hex").slice(0, 6);
