import type { EpochMs } from "@open-multi-auth/domain";
import type { Link, LinkReport } from "@open-multi-auth/runtime-node";
import type { Colours } from "./colours.ts";
import { qrText } from "./qr.ts";
import { plain } from "./text.ts";

interface Seen {
  readonly now: EpochMs;
  /** Whether a person sits at a terminal: only there a QR code can be read. */
  readonly interactive: boolean;
  readonly colours: Colours;
}

/** What the person is to do. */
export function promptText({ prompt, wish, expiresAt }: Link, { now, interactive, colours }: Seen): string {
  const { bold, dim } = colours;
  const minutes = Math.round((expiresAt - now) / 60_000);
  const who = wish.alias === undefined ? "the account to link" : `the account for ${bold(wish.alias)}`;
  if (prompt.kind === "device") {
    return [
      `Open ${bold(prompt.verificationUrl)} on any device, sign in with ${who}, and enter the code`,
      "",
      `  ${bold(prompt.userCode)}`,
      "",
      ...(interactive ? [qrText(prompt.verificationUrl), ""] : []),
      dim(`Waiting for ${minutes} minutes. Enter the code only if you started this yourself.`),
    ].join("\n");
  }
  const held =
    prompt.passedOver.length > 0 ? ` (${prompt.passedOver.join(", ")} is held by another program)` : "";
  return [
    `Sign in with ${who}:`,
    "",
    `  ${prompt.url}`,
    "",
    dim(
      `Waiting on port ${prompt.port}${held} for ${minutes} minutes. If the browser is on another machine, it ends at`,
    ),
    dim("an address that it cannot open: paste that address here."),
  ].join("\n");
}

const OUTCOMES = {
  added: "is linked",
  updated: "is linked already; its login is renewed",
  kept: "is linked already; nothing to renew",
  reauthorized: "is signed in again",
} as const;

/** What became of it. */
export function linkedText({ alias, email, planType, outcome }: LinkReport): string {
  const about = [email, planType].filter((text) => text !== undefined).map(plain);
  return `${alias}${about.length > 0 ? ` (${about.join(", ")})` : ""} ${OUTCOMES[outcome]}`;
}

/** Workspaces of the same person that could be linked as well. */
export function offerLines({ workspaces }: LinkReport): string[] {
  return workspaces
    .filter(({ alias }) => alias === undefined)
    .map(({ id, name }) => {
      const called = name === undefined ? id : `"${plain(name)}"`;
      return `note: this login has another workspace, ${called}: \`oma add <alias> --workspace ${id}\` links it too`;
    });
}
