import { realpathSync } from "node:fs";
import type { Command } from "../command.ts";
import { createService } from "../service/command.ts";
import { systemPrograms } from "../service/run-program.ts";

/** `oma service install|uninstall|status` */
export const serviceCommand: Command = createService({
  platform: process.platform,
  uid: process.getuid?.() ?? 0,
  // By their own paths: what `oma` is called by may be a link of a shell's session.
  program: [process.execPath, realpathSync(process.argv[1] ?? "")],
  programs: systemPrograms,
});
