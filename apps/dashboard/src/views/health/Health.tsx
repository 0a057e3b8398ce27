import { useApp } from "../../app/context.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Loading } from "../../components/empty.tsx";
import { Incident } from "../../components/incident.tsx";
import { Antigravity } from "./antigravity/Antigravity.tsx";
import { Checks } from "./Checks.tsx";
import { Figures } from "./Figures.tsx";
import { Headline } from "./Headline.tsx";
import { Log } from "./Log.tsx";
import { StorePanel } from "./StorePanel.tsx";
import { useValue } from "../../state/signal.ts";

/** The view `#/health`: whether the installation is sound, how it does, and what went wrong lately. */
export function Health() {
  const app = useApp();
  const state = useValue(app.state);
  const now = useValue(app.now);
  const doctor = useAnswer("GET /api/doctor");
  if (state === undefined) return <Loading what="health" rows={8} />;
  return (
    <>
      <Headline doctor={doctor} />
      <Incident state={state} now={now} />
      <Figures />
      <Checks doctor={doctor} version={state.server.version} />
      <StorePanel state={state} />
      {state.settings.settings.featureFlags.antigravityEnabled && <Antigravity />}
      <Log />
    </>
  );
}
