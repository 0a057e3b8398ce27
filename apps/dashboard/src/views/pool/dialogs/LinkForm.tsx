import type { FailureView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { Dialog } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { FoundLogins, useLogins } from "../FoundLogins.tsx";

interface Wish {
  readonly alias: string;
  readonly method: "browser" | "device";
}

interface LinkFormProps {
  readonly wish: Wish;
  readonly taken: readonly string[];
  readonly error: FailureView | undefined;
  readonly isBusy: boolean;
  readonly onStart: (wish: Wish) => void;
  readonly onClose: () => void;
}

const METHODS = [
  ["browser", "In this browser", "Opens OpenAI in a new tab and comes back by itself."],
  ["device", "With a code", "For a machine without a browser, or to use your phone."],
] as const;

/** What to call the account, and how to sign in. */
export function LinkForm({ wish, taken, error, isBusy, onStart, onClose }: LinkFormProps) {
  const logins = useLogins();
  const [alias, setAlias] = useState(wish.alias);
  const [method, setMethod] = useState(wish.method);
  const isTaken = taken.includes(alias.trim());
  const aliasError = isTaken
    ? `${alias.trim()} is taken. ${free(alias.trim(), taken)} is free.`
    : error?.code.startsWith("ALIAS_") === true
      ? error.message
      : undefined;
  const hint =
    error?.code === "ACCOUNT_ALREADY_LINKED"
      ? " Sign out at OpenAI, then sign in with the other account; a private window works too."
      : "";
  return (
    <Dialog
      title="Link an account"
      submit="Continue"
      isBusy={isBusy}
      isDisabled={isTaken}
      error={error && aliasError === undefined ? { ...error, message: error.message + hint } : undefined}
      onClose={onClose}
      onSubmit={() => {
        if (!isBusy) onStart({ alias, method });
      }}
    >
      <Field
        label="Alias"
        hint="Your short name for it, or nothing to use its e-mail address. Letters, digits, dot, dash, underscore."
        value={alias}
        maxLength={64}
        error={aliasError}
        onValue={setAlias}
      />
      <fieldset class="meth">
        <legend class="lab">How to sign in</legend>
        {METHODS.map(([value, name, about]) => (
          <label key={value} class={value === method ? "opt sel" : "opt"}>
            <input type="radio" name="method" checked={value === method} onChange={() => setMethod(value)} />
            <span>
              <b>{name}</b>
              <span class="about">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="hint">
        Signed in elsewhere already? <code>oma import</code> takes the logins of the Codex CLI, OpenCode and
        earlier plugins, and shows first what it found.
      </p>
      <FoundLogins logins={logins} />
    </Dialog>
  );
}

function free(alias: string, taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const candidate = `${alias}-${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
