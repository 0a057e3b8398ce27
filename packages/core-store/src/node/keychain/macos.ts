import { SERVICE, type KeychainTool } from "./tool.ts";

const NOT_FOUND = 44;

/**
 * The login keychain through `security`. Told to add a secret by its arguments it would show it to every user of
 * the machine; as a shell of its own (`-i`) it reads the command from its input.
 */
export const macos: KeychainTool = {
  command: "security",
  keychain: "the macOS keychain",
  read: (id) => ({ args: ["find-generic-password", "-s", SERVICE, "-a", id, "-w"], input: "" }),
  keep: (id, secret) => ({
    args: ["-i"],
    input: `add-generic-password -U -s ${SERVICE} -a ${id} -w ${secret}\n`,
  }),
  isAbsent: ({ code }) => code === NOT_FOUND,
  install: "make sure that /usr/bin is on the PATH, or use a passphrase instead",
  unlock: "run `security unlock-keychain`, or unlock it in Keychain Access",
};
