import { Button } from "../../components/button.tsx";
import { CopyCommand } from "../../components/copy.tsx";
import type { PoolDialog } from "./dialogs/dialogs.tsx";

/** No account yet: the three steps to a pool. */
export function FirstAccount({ onDialog }: { readonly onDialog: (dialog: PoolDialog) => void }) {
  return (
    <div class="first">
      <h1>
        <span class="t2">Link your</span> <b>first account</b>
      </h1>
      <p>
        open-multi-auth spreads the requests of your coding agents over your own ChatGPT accounts. When one
        reaches a limit, the next one answers.
      </p>
      <ol class="steps panel">
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
          <ul class="found">
            <li>
              <span>Signed in to the Codex CLI, OpenCode or an earlier plugin already?</span>
              <CopyCommand command="oma import" />
            </li>
          </ul>
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
