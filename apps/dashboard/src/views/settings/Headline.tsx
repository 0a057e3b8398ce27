import type { SettingOrigin } from "@open-multi-auth/domain";
import { Answer } from "../../components/answer.tsx";
import type { SettingsForm } from "./form.ts";
import { strategyWord } from "./Strategy.tsx";
import { count } from "../../format/count.ts";

/** The view's answer: what decides, or what keeps the changes from being saved. */
export function Headline({ form }: { readonly form: SettingsForm }) {
  const wrong = Object.keys(form.problems).length;
  if (wrong > 0) {
    return (
      <Answer
        title={
          <>
            <b>{count(wrong, "value")}</b> to correct
          </>
        }
      >
        Nothing changes until {wrong === 1 ? "it is" : "all are"} right and saved.
      </Answer>
    );
  }
  const { settings, origins, strategyAfterForce } = form.view;
  return (
    <Answer
      title={
        <>
          <b>{strategyWord(strategyAfterForce ?? settings.rotationStrategy)}</b> decides who is next
        </>
      }
    >
      {originsText(Object.values(origins))}
    </Answer>
  );
}

function originsText(origins: readonly SettingOrigin[]): string {
  const from = (origin: SettingOrigin): number => origins.filter((one) => one === origin).length;
  const [saved, option, environment] = [from("persisted"), from("runtime"), from("environment")];
  const parts = [
    saved > 0 && `${count(saved, "value")} saved here or by oma`,
    option > 0 && `${option} set as an option`,
    environment > 0 && `${environment} by the environment`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "Every value is the default." : `${parts.join(", ")}. The rest are defaults.`;
}
