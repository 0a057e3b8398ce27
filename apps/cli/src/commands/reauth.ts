import { parseAlias } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { Command } from "../command.ts";
import { runLink } from "../link/run-link.ts";
import { withPool } from "../pool.ts";

/** `oma reauth <alias>` */
export const reauthCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {
    device: { about: "sign in with a code on any device, for a machine without a browser" },
    "allow-other-account": { about: "also if another account than before signs in" },
    "no-open": { about: "only print the address" },
    json: { about: "print what to do and what was done as JSON, one object per line" },
  },
  examples: ["reauth work", "reauth work --device"],
  run: async ({ words: [name = ""], flags }, context) => {
    const alias = parseAlias(name);
    if (alias.isErr()) return err(alias.error);
    const method = flags.has("device") ? "device" : "browser";
    const reauth = { allowOtherAccount: flags.has("allow-other-account") };
    const showing = { json: flags.has("json"), open: !flags.has("no-open") };
    return withPool(context, (pool) =>
      runLink(pool, { method, alias: alias.value, reauth }, showing, context),
    );
  },
};
