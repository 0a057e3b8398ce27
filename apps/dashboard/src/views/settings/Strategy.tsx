import type { Strategy as StrategyName } from "@open-multi-auth/domain";
import { useApp } from "../../app/context.ts";
import { Tag } from "../../components/badge.tsx";
import type { SettingsForm } from "./form.ts";
import { Group } from "./Group.tsx";
import { Fixed } from "./Line.tsx";
import { useValue } from "../../state/signal.ts";

/** The strategies with what they do, in the order of the page. */
export const STRATEGIES: readonly (readonly [StrategyName, word: string, about: string])[] = [
  ["round-robin", "Round robin", "Takes the accounts in turn, one conversation each."],
  ["least-used", "Least used", "Takes the account with the fewest requests so far."],
  ["random", "Random", "Takes any account that can answer, each with the same chance."],
  ["weighted-round-robin", "Weighted", "Takes turns by the shares you set below, exactly over time."],
  [
    "headroom",
    "Headroom",
    "Takes the account that would lose most at its next reset, and keeps 5-hour room.",
  ],
];

/** What a strategy is called. */
export const strategyWord = (name: string): string =>
  STRATEGIES.find(([strategy]) => strategy === name)?.[1] ?? name;

/** Who gets the next conversation. */
export function Strategy({ form }: { readonly form: SettingsForm }) {
  const isFixed = form.fixedBy("rotationStrategy") !== undefined;
  const { force } = useValue(useApp().state) ?? {};
  return (
    <Group
      name="strategy"
      title="Strategy"
      hint="Who gets the next conversation."
      origin={{ form, setting: "rotationStrategy" }}
    >
      <div class="panel bleed" role="radiogroup" aria-label="Strategy" aria-describedby="strategy-fixed">
        {STRATEGIES.map(([strategy, word, about]) => (
          <label key={strategy} class={form.texts["rotationStrategy"] === strategy ? "opt sel" : "opt"}>
            <input
              type="radio"
              name="strategy"
              checked={form.texts["rotationStrategy"] === strategy}
              disabled={isFixed}
              onChange={() => form.type({ rotationStrategy: strategy })}
            />
            <b>{word}</b>
            <p>{about}</p>
            {strategy === "round-robin" && <Tag>default</Tag>}
          </label>
        ))}
      </div>
      <Fixed form={form} setting="rotationStrategy" id="strategy-fixed" />
      {force?.active === true && (
        <p class="nb">{force.alias} is forced. The strategy holds again when that ends.</p>
      )}
    </Group>
  );
}
