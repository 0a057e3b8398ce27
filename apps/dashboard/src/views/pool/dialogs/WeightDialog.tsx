import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { Field } from "../../../components/field.tsx";
import { percent, strategyName } from "../../../format/percent.ts";
import { EditDialog } from "./EditDialog.tsx";

interface WeightDialogProps {
  readonly account: AccountView;
  readonly state: StateView;
  readonly onClose: () => void;
}

/** How much an account is given, and what is left to its owner. */
export function WeightDialog({ account, state, onClose }: WeightDialogProps) {
  const [weight, setWeight] = useState(String(account.weight));
  const [reserve, setReserve] = useState(String(account.reservePercent));
  const wanted = { weight: numberOf(weight), reservePercent: numberOf(reserve) };
  const isWeight = isIn(wanted.weight, 0, 1) && wanted.weight !== 0;
  const isReserve = isIn(wanted.reservePercent, 0, 100);
  // Only what was changed here: the other may have been changed elsewhere meanwhile.
  const patch = {
    ...(wanted.weight !== account.weight && { weight: wanted.weight }),
    ...(wanted.reservePercent !== account.reservePercent && { reservePercent: wanted.reservePercent }),
  };
  const { rotationStrategy } = state.settings.settings;
  return (
    <EditDialog
      title={`Weight and reserve of ${account.alias}`}
      account={account}
      patch={patch}
      // What is no figure would be sent as null, which means the default.
      isChanged={isWeight && isReserve && Object.keys(patch).length > 0}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label="Weight"
            hint={`${shareText(account, state, wanted.weight)} Counts with the weighted strategy only; now ${strategyName(rotationStrategy)} decides.`}
            value={weight}
            inputMode="decimal"
            error={errorOf("weight") ?? (isWeight ? undefined : "Above 0, at most 1")}
            onValue={setWeight}
          />
          <Field
            label="Reserve"
            unit="%"
            hint="Of each window this much is left to you: no request takes it."
            value={reserve}
            inputMode="decimal"
            error={errorOf("reservePercent") ?? (isReserve ? undefined : "From 0 to 100")}
            onValue={setReserve}
          />
        </>
      )}
    </EditDialog>
  );
}

const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.replace(",", ".")));
const isIn = (value: number, from: number, to: number): boolean => value >= from && value <= to;

function shareText(account: AccountView, state: StateView, weight: number): string {
  const others = state.accounts
    .filter(({ alias, enabled }) => enabled && alias !== account.alias)
    .reduce((sum, one) => sum + one.weight, 0);
  return account.enabled && weight > 0 && weight <= 1
    ? `A share of ${percent((weight / (weight + others)) * 100)}.`
    : "";
}
