import type { AccountView, EpochMs } from "@open-multi-auth/domain";
import { failureTexts, measuredText } from "../present/limits.ts";
import { fine, warning, type Finding } from "./check.ts";

/** Of each account that is used: how good its figures are, and what the last failed measurement failed of. */
export function checkLimits(accounts: readonly AccountView[], now: EpochMs): Finding[] {
  return accounts.filter(({ enabled }) => enabled).map((view) => checkAccount(view, now));
}

function checkAccount(view: AccountView, now: EpochMs): Finding {
  const name = `limits ${view.alias}`;
  const measured = view.limits === null ? "never measured" : measuredText(view.limits, now);
  const [failed] = failureTexts(view, now);
  if (failed !== undefined) {
    return warning(
      name,
      `${failed} (${measured})`,
      `run \`oma refresh ${view.alias}\` and see whether it lasts`,
    );
  }
  return fine(name, `${view.limitsConfidence}, ${measured}`);
}
