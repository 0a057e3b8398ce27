import {
  after,
  ENVIRONMENT_PREFIX,
  failure,
  type Clock,
  type DurationMs,
  type EpochMs,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { KeyError, KeyOrigin, StoreKeyWrong, StoreSealed } from "../errors.ts";
import type { KeySource, StoreKey } from "../key-source.ts";
import type { KeyHeader } from "../sealed-format.ts";
import { deriveKey } from "./derive-key.ts";
import { masterIn } from "./keychain/keychain-key.ts";
import type { Keychain } from "./keychain/keychain.ts";
import { keyFor } from "./store-key.ts";

/** A locked keychain may be unlocked meanwhile; each question may show the person a dialog. */
const ASK_AGAIN_MS: DurationMs = 30_000;

/** What {@link createKeySource} needs. */
export interface KeySourceOptions {
  /** Asked once, at the first file that needs it; `undefined` where there is none. */
  readonly passphrase: () => Promise<string | undefined>;
  readonly keychain: Keychain;
  readonly clock: Clock;
}

/**
 * The keys of a person's encrypted files. A key is made once and kept in memory: deriving it takes half a second on
 * purpose. A passphrase that is wrong or missing stays so; a keychain that refused is asked again after 30 seconds.
 */
export function createKeySource({ passphrase, keychain, clock }: KeySourceOptions): KeySource {
  const made = new Map<string, Made>();
  let given: Promise<string | undefined> | undefined;
  const unlock = (header: KeyHeader): Unlocking =>
    header.source === "keychain"
      ? fromKeychain(header, keychain)
      : fromPassphrase(header, (given ??= passphrase()));
  const note = async (entry: Made): Promise<void> => {
    if ((await entry.unlocking).isErr()) entry.failedAt = clock.now();
  };
  const unlockOnce = (header: KeyHeader): Unlocking => {
    const name = JSON.stringify(header);
    const known = made.get(name);
    const isStale = known?.failedAt !== undefined && after(known.failedAt, ASK_AGAIN_MS) <= clock.now();
    if (known !== undefined && !isStale) return known.unlocking;
    const unlocking = unlock(header);
    const entry: Made = { unlocking };
    made.set(name, entry);
    if (header.source === "keychain") void note(entry);
    return unlocking;
  };
  return {
    unlock: async (header, file) => (await unlockOnce(header)).mapErr((errorOf) => errorOf(file)),
  };
}

/** No key at all: what is encrypted stays closed. */
export const noKeys: KeySource = {
  unlock: async ({ source }, file) => err(sealed(file, source)),
};

/** One key is for many files: why it cannot be had is told of the one that is to be opened. */
type Unlocking = Promise<Result<StoreKey, (file: string) => KeyError>>;

interface Made {
  readonly unlocking: Unlocking;
  failedAt?: EpochMs;
}

type Header<Source extends KeyOrigin> = Extract<KeyHeader, { source: Source }>;

async function fromPassphrase(
  header: Header<"passphrase">,
  passphrase: Promise<string | undefined>,
): Unlocking {
  const text = await passphrase;
  if (text === undefined || text === "") return err((file) => sealed(file, "passphrase"));
  const key = keyFor(header, await deriveKey(text, header.salt, header.cost));
  return key === undefined ? err((file) => wrong(file, "passphrase")) : ok(key);
}

async function fromKeychain(header: Header<"keychain">, keychain: Keychain): Unlocking {
  const secret = await keychain.read(header.id);
  if (secret.isErr()) return err(() => secret.error);
  if (secret.value === undefined) return err((file) => sealed(file, "keychain"));
  const master = masterIn(secret.value);
  const key = master === undefined ? undefined : keyFor(header, master);
  return key === undefined ? err((file) => wrong(file, "keychain")) : ok(key);
}

const LOST = "docs/OFFLINE_RECOVERY.md says what to do when it is lost";

function sealed(file: string, source: KeyOrigin): StoreSealed {
  const keychain = source === "keychain";
  const message = keychain
    ? `${file} is encrypted, and the keychain does not have its key`
    : `${file} is encrypted with a passphrase, and none was given`;
  const fix = keychain
    ? `sign in as the user, and on the machine, that encrypted it; ${LOST}`
    : `set ${ENVIRONMENT_PREFIX}PASSPHRASE, or run it in a terminal to be asked; ${LOST}`;
  return failure("STORE_SEALED", message, { file, source, fix });
}

function wrong(file: string, source: KeyOrigin): StoreKeyWrong {
  const keychain = source === "keychain";
  const what = keychain ? "the key in the keychain" : "the passphrase";
  const given = keychain
    ? "restore the keychain's entry"
    : `give the passphrase that \`oma encrypt\` was given`;
  return failure("STORE_KEY_WRONG", `${what} does not open ${file}; nothing was changed`, {
    file,
    source,
    fix: `${given}; ${LOST}`,
  });
}
