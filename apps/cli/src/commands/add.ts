import { parseAlias } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { Command } from "../command.ts";
import { runLink } from "../link/run-link.ts";
import { withPool } from "../pool.ts";
import { usage } from "../usage.ts";

/** `oma add <alias>` */
export const addCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {
    device: { about: "sign in with a code on any device, for a machine without a browser" },
    workspace: { value: "id", about: "sign in to this workspace and no other" },
    "no-open": { about: "only print the address" },
    json: { about: "print what to do and what was done as JSON, one object per line" },
  },
  examples: ["add work", "add work --device", "add team --workspace 5f3c9d1e-0000-4000-8000-000000000000"],
  run: async ({ words: [name = ""], flags, values }, context) => {
    const alias = parseAlias(name);
    if (alias.isErr()) return err(alias.error);
    const workspace = values.get("workspace");
    const device = flags.has("device");
    if (device && workspace !== undefined) {
      return err(
        usage("add", "--workspace needs the browser: on a device you choose the workspace yourself"),
      );
    }
    const method = device ? "device" : "browser";
    const showing = { json: flags.has("json"), open: !flags.has("no-open") };
    return withPool(context, (pool) =>
      runLink(pool, { method, alias: alias.value, workspace }, showing, context),
    );
  },
};
