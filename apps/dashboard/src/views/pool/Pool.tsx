import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Accounts } from "./Accounts.tsx";
import { PoolDialogs, type PoolDialog } from "./dialogs/dialogs.tsx";
import { FirstAccount } from "./FirstAccount.tsx";
import { ForceStrip } from "./ForceStrip.tsx";
import { Headline } from "./Headline.tsx";
import { Incident } from "../../components/incident.tsx";
import { PoolSkeleton } from "./PoolSkeleton.tsx";
import { headlineOf } from "./model/headline.ts";
import { titleOf } from "./model/title.ts";
import { Resets } from "./Resets.tsx";

/** What is drawn from the time is drawn anew this often; the force strip goes by the second. */
const STEP_MS = 5_000;

/** Can I keep working, for how long, on which account; and every control of the accounts. */
export function Pool() {
  const app = useApp();
  const [dialog, setDialog] = useState<PoolDialog>();
  const step = useComputed(() => Math.floor(app.now.value / STEP_MS));
  const state = app.state.value;
  // The instant is read without following every second of it; news are drawn at once.
  const now = Math.max(app.now.peek(), step.value * STEP_MS);
  const headline = state && state.accounts.length > 0 ? headlineOf(state, now) : undefined;
  useTitle(titleOf(headline, app.connection.value.kind, now));
  if (state === undefined) return <PoolSkeleton />;
  const dialogs = dialog && (
    <PoolDialogs dialog={dialog} state={state} onClose={() => setDialog(undefined)} />
  );
  if (headline === undefined) {
    return (
      <>
        <FirstAccount onDialog={setDialog} />
        {dialogs}
      </>
    );
  }
  return (
    <div class="pool">
      <Incident state={state} now={now} />
      <Headline headline={headline} state={state} now={now} onLink={() => setDialog({ kind: "link" })} />
      {state.accounts.length > 1 && headline.answer.kind !== "nothing" && <ForceStrip state={state} />}
      <div class="pool-lists">
        <Accounts state={state} now={now} onDialog={setDialog} />
        <Resets state={state} headline={headline} now={now} />
      </div>
      {dialogs}
    </div>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
