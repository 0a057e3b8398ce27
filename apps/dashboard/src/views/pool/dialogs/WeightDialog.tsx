import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { Field } from "../../../components/field.tsx";
import { percent, strategyName } from "../../../format/percent.ts";
import { EditDialog } from "./EditDialog.tsx";
import { numberOf, percentProblem, weightProblem, type Read } from "../../../format/figure.ts";

interface WeightDialogProps {
  readonly account: AccountView;
  readonly state: StateView;
  readonly onClose: () => void;
}

/** How much an account is given, and what is left to its owner. */
export function WeightDialog({ account, state, onClose }: WeightDialogProps) {
  const [weightText, setWeight] = useState(String(account.weight));
  const [reserveText, setReserve] = useState(String(account.reservePercent));
  const weight = numberOf(weightText, weightProblem);
  const reserve = numberOf(reserveText, percentProblem);
  // Only what was changed here: the other may have been changed elsewhere meanwhile.
  const patch = {
    ...("value" in weight && weight.value !== account.weight && { weight: weight.value }),
    ...("value" in reserve && reserve.value !== account.reservePercent && { reservePercent: reserve.value }),
  };
  const { rotationStrategy } = state.settings.settings;
  return (
    <EditDialog
      title={`Weight and reserve of ${account.alias}`}
      account={account}
      patch={patch}
      isChanged={"value" in weight && "value" in reserve && Object.keys(patch).length > 0}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label="Weight"
            hint={`${"value" in weight ? shareText(account, state, weight.value) : ""} Counts with the weighted strategy only; now ${strategyName(rotationStrategy)} decides.`}
            value={weightText}
            inputMode="decimal"
            error={errorOf("weight") ?? problemOf(weight)}
            onValue={setWeight}
          />
          <Field
            label="Reserve"
            unit="%"
            hint="Of each window this much is left to you: no request takes it."
            value={reserveText}
            inputMode="decimal"
            error={errorOf("reservePercent") ?? problemOf(reserve)}
            onValue={setReserve}
          />
        </>
      )}
    </EditDialog>
  );
}

const problemOf = (read: Read): string | undefined => ("problem" in read ? read.problem : undefined);

function shareText(account: AccountView, state: StateView, weight: number): string {
  const others = state.accounts
    .filter(({ alias, enabled }) => enabled && alias !== account.alias)
    .reduce((sum, one) => sum + one.weight, 0);
  return account.enabled ? `A share of ${percent((weight / (weight + others)) * 100)}.` : "";
}
