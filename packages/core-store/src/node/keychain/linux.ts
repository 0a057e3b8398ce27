import { SERVICE, type KeychainTool } from "./tool.ts";

const attributes = (id: string): string[] => ["service", SERVICE, "id", id];

/** The Secret Service (GNOME Keyring, KWallet, KeePassXC) through libsecret's tool, which reads secrets from its input. */
export const linux: KeychainTool = {
  command: "secret-tool",
  keychain: "the Secret Service",
  read: (id) => ({ args: ["lookup", ...attributes(id)], input: "" }),
  keep: (id, secret) => ({
    args: ["store", `--label=${SERVICE}: key of the account store`, ...attributes(id)],
    input: secret,
  }),
  // It says nothing where there is nothing, and why where it could not ask.
  isAbsent: ({ code, stderr }) => code === 1 && stderr.trim() === "",
  install: "install it (Debian, Ubuntu: `apt install libsecret-tools`), or use a passphrase instead",
  unlock: "unlock your keyring; on a machine without a desktop session use a passphrase instead",
};
