import { Button } from "../../components/button.tsx";
import { CopyCommand } from "../../components/copy.tsx";
import type { PoolDialog } from "./dialogs/dialogs.tsx";
import { FoundLogins, useLogins } from "./FoundLogins.tsx";

/** No account yet: the three steps to a pool. */
export function FirstAccount({ onDialog }: { readonly onDialog: (dialog: PoolDialog) => void }) {
  const logins = useLogins();
  return (
    <div class="first">
      <h1>
        <span class="t2">Link your</span> <b>first account</b>
      </h1>
      <p>
        open-multi-auth spreads the requests of your coding agents over your own ChatGPT accounts. When one
        reaches a limit, the next one answers.
      </p>
      {/* Once it is known what is in them: nothing moves afterwards. */}
      <ol class="steps panel" hidden={logins.value === undefined && logins.error === undefined}>
        <li class="now">
          <span class="no">1</span>
          <div>
            <h2>Link an account</h2>
            <p>Sign in at OpenAI in your browser. Nothing but the token stays here.</p>
          </div>
          <span class="acts">
            <Button kind="primary" onClick={() => onDialog({ kind: "link" })}>
              Link account
            </Button>
            <Button onClick={() => onDialog({ kind: "link", method: "device" })}>Use a code</Button>
          </span>
          <FoundLogins logins={logins}>
            <li>
              <span>Accounts of an earlier plugin, or a login in another file?</span>
              <CopyCommand command="oma import" />
            </li>
          </FoundLogins>
        </li>
        <li>
          <span class="no">2</span>
          <div>
            <h2>Link a second one</h2>
            <p>Rotation starts with two. You can add as many as you have.</p>
          </div>
        </li>
        <li>
          <span class="no">3</span>
          <div>
            <h2>Connect your agent</h2>
            <p>Adds one line to OpenCode's settings and keeps your comments.</p>
          </div>
          <span class="acts">
            <CopyCommand command="oma install" />
          </span>
        </li>
      </ol>
    </div>
  );
}
