import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Programs that answer like the keychain tools of Linux and macOS, and what they were called with. */
export interface FakeKeychains {
  readonly env: Record<string, string>;
  /** Every argument of every call. */
  calls(): Promise<string>;
  /** From now on they refuse, until they are unlocked. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** As on another machine. */
  forget(): Promise<void>;
}

const SECRET_TOOL = `
if [ -e "$KEYRING/locked" ]; then echo "secret-tool: Cannot get secret of a locked object" >&2; exit 1; fi
case "$#: $*" in
  "6: store --label=open-multi-auth: key of the account store service open-multi-auth id "*) cat >"$KEYRING/$6" ;;
  "5: lookup service open-multi-auth id "*)
    [ -z "$(cat)" ] && if [ -e "$KEYRING/$5" ]; then cat "$KEYRING/$5"; else exit 1; fi ;;
  *) echo "secret-tool: $*?" >&2; exit 2 ;;
esac`;

const SECURITY = `
if [ -e "$KEYRING/locked" ]; then echo "security: User interaction is not allowed." >&2; exit 36; fi
case "$*" in
  -i)
    read -r name update s service a id w secret
    [ "$name $update $s $service $a $w" = "add-generic-password -U -s open-multi-auth -a -w" ] || exit 2
    printf %s "$secret" >"$KEYRING/$id" ;;
  "find-generic-password -s open-multi-auth -a $5 -w")
    [ -z "$(cat)" ] && if [ -e "$KEYRING/$5" ]; then cat "$KEYRING/$5"; echo; else exit 44; fi ;;
  *) echo "security: $*?" >&2; exit 2 ;;
esac`;

/** Puts them into `bin` of a folder, with a keyring that begins empty. */
export async function fakeKeychains(folder: string): Promise<FakeKeychains> {
  const [bin, keyring] = [join(folder, "bin"), join(folder, "keyring")];
  const log = join(folder, "calls.log");
  const make = async (): Promise<void> => void (await mkdir(keyring, { recursive: true }));
  await make();
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries({ "secret-tool": SECRET_TOOL, security: SECURITY })) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "$0 $*" >>"$KEYRING/../calls.log"\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return {
    env: { PATH: [bin, "/usr/bin", "/bin"].join(delimiter), KEYRING: keyring },
    calls: () => readFile(log, "utf8").catch(() => ""),
    lock: () => writeFile(join(keyring, "locked"), ""),
    unlock: () => rm(join(keyring, "locked")),
    forget: async () => {
      await rm(keyring, { recursive: true });
      await make();
    },
  };
}
