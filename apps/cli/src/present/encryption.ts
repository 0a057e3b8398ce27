import type { KeyOrigin } from "@open-multi-auth/core-store";
import type { Switched } from "@open-multi-auth/core-store/node";
import type { Context } from "../context.ts";
import { plain } from "./text.ts";

/** What people call a key. */
export const KEY_NAMES: Readonly<Record<KeyOrigin, string>> = {
  passphrase: "a passphrase",
  keychain: "a key in the keychain",
};

/** Names every file that was rewritten, and every one that could not be. */
export function reportSwitched(
  done: string,
  { rewritten, untouched }: Switched,
  { out, err }: Context,
): void {
  const count = `${rewritten.length} ${rewritten.length === 1 ? "file" : "files"}`;
  out.print(
    [`the store is ${done}; ${count} rewritten`, ...rewritten.map((file) => `  ${plain(file)}`)].join("\n"),
  );
  for (const { file, why } of untouched) {
    err.print(`${err.colours.yellow("warning")} ${plain(`${file} stays as it is: ${why}`)}`);
  }
}
