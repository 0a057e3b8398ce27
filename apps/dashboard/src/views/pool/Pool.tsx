import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";
import { Accounts } from "./Accounts.tsx";
import { PoolDialogs, type PoolDialog } from "./dialogs/dialogs.tsx";
import { FirstAccount } from "./FirstAccount.tsx";
import { ForceStrip } from "./ForceStrip.tsx";
import { Headline } from "./Headline.tsx";
import { Incident } from "../../components/incident.tsx";
import { headlineOf } from "./model/headline.ts";
import { isForced } from "./model/status.ts";
import { titleOf } from "./model/title.ts";
import { Resets } from "./Resets.tsx";
import { useValue } from "../../state/signal.ts";

/** What is drawn from the time is drawn anew this often; the force strip goes by the second. */
const STEP_MS = 5_000;

/** Can I keep working, for how long, on which account; and every control of the accounts. */
export function Pool() {
  const app = useApp();
  const [dialog, setDialog] = useState<PoolDialog>();
  const now = useValue(app.now, (at) => at - (at % STEP_MS));
  const state = useValue(app.state);
  const headline = useMemo(
    () => (state && state.accounts.length > 0 ? headlineOf(state, now) : undefined),
    [state, now],
  );
  useTitle(titleOf(headline, useValue(app.connection).kind, now));
  if (state === undefined) return <Loading what="the pool" />;
  const link = (): void => setDialog({ kind: "link" });
  return (
    <>
      {headline === undefined ? (
        <FirstAccount onDialog={setDialog} />
      ) : (
        <div class="pool">
          <Incident state={state} now={now} />
          <Headline headline={headline} state={state} now={now} onLink={link} />
          {(isForced(state, now) || (state.accounts.length > 1 && headline.answer.kind !== "nothing")) && (
            <ForceStrip state={state} />
          )}
          <div class="pool-lists">
            <Accounts state={state} now={now} onDialog={setDialog} />
            <Resets state={state} headline={headline} now={now} />
          </div>
        </div>
      )}
      {/* Beside both, so that linking the first account goes on where it was. */}
      {dialog && <PoolDialogs dialog={dialog} state={state} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
