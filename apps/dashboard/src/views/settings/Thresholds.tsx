import { PRESET_NAMES, type PresetName } from "@open-multi-auth/domain";
import { useApp } from "../../app/context.ts";
import { percent } from "../../format/percent.ts";
import { confidenceAt } from "../pool/model/confidence.ts";
import { presetTexts, type SettingsForm } from "./form.ts";
import { Group } from "./Group.tsx";
import { TextLine } from "./Line.tsx";
import { MOST_NAMES, zonePins } from "./zone-pins.ts";
import { useValue } from "../../state/signal.ts";
import { figureOf } from "../../format/figure.ts";

const PRESET_WORDS: Readonly<Record<PresetName, readonly [word: string, about: string]>> = {
  conservative: ["Conservative", "Rotates away late."],
  balanced: ["Balanced", "The default. All weights equal."],
  aggressive: ["Aggressive", "Rotates away early."],
};
/** From late to early. */
const ORDER = PRESET_NAMES.toSorted((a, b) => rank(a) - rank(b));

/** When an account counts as low or critical. */
export function Thresholds({ form }: { readonly form: SettingsForm }) {
  return (
    <Group name="thresholds" title="Thresholds" hint="Percent of a window that is left.">
      <Presets form={form} />
      <div class="panel bleed">
        <Zones form={form} />
        <TextLine
          form={form}
          setting="criticalThreshold"
          field="criticalThreshold"
          label="Critical below"
          hint="Used only when no other account can answer."
          unit="%"
        />
        <TextLine
          form={form}
          setting="lowThreshold"
          field="lowThreshold"
          label="Low below"
          hint="Shown as low. Headroom avoids it."
          unit="%"
        />
      </div>
    </Group>
  );
}

function Presets({ form }: { readonly form: SettingsForm }) {
  const isFixed =
    form.fixedBy("criticalThreshold") !== undefined || form.fixedBy("lowThreshold") !== undefined;
  return (
    <div class="presets" role="group" aria-label="Presets">
      {ORDER.map((name) => {
        const texts = presetTexts(form.fields, name);
        const [word, about] = PRESET_WORDS[name];
        const [critical, low] = [texts["criticalThreshold"], texts["lowThreshold"]];
        const isChosen = Object.entries(texts).every(([key, text]) => form.texts[key] === text);
        return (
          <button
            key={name}
            class="preset"
            type="button"
            aria-pressed={isChosen}
            disabled={isFixed}
            onClick={() => form.type(texts)}
          >
            <span>
              {word}
              <span class="r">
                {critical} / {low}
              </span>
            </span>
            <p>{about}</p>
            <i class="mini" style={{ "--a": critical, "--b": low }} />
          </button>
        );
      })}
    </div>
  );
}

function rank(name: PresetName): number {
  return ["conservative", "balanced", "aggressive"].indexOf(name);
}

/** The thresholds as they would be, drawn with what the accounts have left. */
function Zones({ form }: { readonly form: SettingsForm }) {
  const { settings } = form.view;
  const isFine = !("criticalThreshold" in form.problems) && !("lowThreshold" in form.problems);
  const critical = isFine ? figureOf(form.texts["criticalThreshold"] ?? "") : settings.criticalThreshold;
  const low = isFine ? figureOf(form.texts["lowThreshold"] ?? "") : settings.lowThreshold;
  const app = useApp();
  const now = useValue(app.now);
  // A reading that is too old to count is unknown here too.
  const known = (useValue(app.state)?.accounts ?? []).filter(
    (account) => confidenceAt(account, now) !== "unknown",
  );
  const pins = zonePins(known);
  return (
    <div class="zone">
      <div class="zone-p" aria-hidden="true">
        {pins.map(({ alias, left, isHigh }) => (
          <span key={alias} class={isHigh ? "h1" : "h0"} style={{ left: `${left}%`, "--p": left }}>
            {pins.length <= MOST_NAMES ? alias : ""}
          </span>
        ))}
      </div>
      <div
        class="zone-r"
        style={{ "--a": critical, "--b": low }}
        role="img"
        aria-label={`Critical below ${critical}%, low below ${low}%. ${pins
          .map(({ alias, left }) => `${alias} has ${percent(left)}`)
          .join(", ")}`}
      />
      <div class="zone-l" aria-hidden="true">
        <b style={{ left: 0 }}>0%</b>
        {critical > 5 && <b style={{ left: `${critical}%` }}>{critical}%</b>}
        {low - critical > 5 && low < 94 && <b style={{ left: `${low}%` }}>{low}%</b>}
        <b class="end">100%</b>
      </div>
    </div>
  );
}
