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

/** The view `#/health`: whether the installation is sound, how it does, and what went wrong lately. */
export function Health() {
  const { state, now } = useApp();
  const doctor = useAnswer("GET /api/doctor");
  if (state.value === undefined) return <Loading what="health" rows={8} />;
  return (
    <>
      <Headline doctor={doctor} />
      <Incident state={state.value} now={now.value} />
      <Figures />
      <Checks doctor={doctor} version={state.value.server.version} />
      <StorePanel state={state.value} />
      {state.value.settings.settings.featureFlags.antigravityEnabled && <Antigravity />}
      <Log />
    </>
  );
}
