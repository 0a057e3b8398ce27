import type { SettingsForm } from "./form.ts";
import { Group } from "./Group.tsx";
import { Fixed, Problem, TextField } from "./Line.tsx";
import { useApp } from "../../app/context.ts";
import { sharesOf } from "./shares.ts";
import { useValue } from "../../state/signal.ts";

/** Weight and reserve of each account, and the share that its weight comes to. */
export function Weights({ form }: { readonly form: SettingsForm }) {
  const accounts = useValue(useApp().state)?.accounts ?? [];
  if (accounts.length === 0) return null;
  const shares = sharesOf(accounts, form, form.view.settings.minWeight);
  const largest = Math.max(...shares.values(), 0.001);
  return (
    <Group
      name="weights"
      title="Weights and reserve"
      hint="Weights count with Weighted only. A reserve is never spent."
      origin={{ form, setting: "accountWeights" }}
    >
      <div class="panel bleed wts">
        <div class="wt wt-h" aria-hidden="true">
          <span>Account</span>
          <span>Weight</span>
          <span>Share</span>
          <span />
          <span>Reserve</span>
        </div>
        {accounts.map(({ alias, enabled }) => (
          <Weight
            key={alias}
            form={form}
            alias={alias}
            isOff={!enabled}
            share={shares.get(alias)}
            largest={largest}
          />
        ))}
      </div>
      <Fixed form={form} setting="accountWeights" id="weights-fixed" />
    </Group>
  );
}

interface WeightProps {
  readonly form: SettingsForm;
  readonly alias: string;
  readonly isOff: boolean;
  readonly share: number | undefined;
  readonly largest: number;
}

function Weight({ form, alias, isOff, share, largest }: WeightProps) {
  const weight = `accountWeights.${alias}`;
  const reserve = `reservePercent.${alias}`;
  const isWrong = weight in form.problems || reserve in form.problems;
  return (
    <div class="wt">
      <b>{alias}</b>
      <TextField
        form={form}
        setting="accountWeights"
        field={weight}
        inputMode="decimal"
        label={`Weight of ${alias}`}
      />
      {isWrong ? (
        <span>
          <Problem form={form} field={weight} />
          <Problem form={form} field={reserve} />
        </span>
      ) : (
        <span class="b">
          <i style={{ width: `${((share ?? 0) / largest) * 100}%` }} />
        </span>
      )}
      <span class="n">{share === undefined ? (isOff ? "off" : "–") : `${Math.round(share * 100)}%`}</span>
      <span class="unit">
        <TextField
          form={form}
          setting="reservePercent"
          field={reserve}
          inputMode="decimal"
          label={`Reserve of ${alias}, percent`}
        />
        <span>%</span>
      </span>
    </div>
  );
}
