import type { AccountView, EpochMs } from "@open-multi-auth/domain";
import { spokenInstant } from "../present/time.ts";
import { failed, fine, warning, type Finding } from "./check.ts";

/** Whether any account can serve, and whether one needs the person. */
export function checkAccounts(accounts: readonly AccountView[], now: EpochMs): Finding[] {
  return [checkUsable(accounts, now), ...accounts.map((view) => checkLogin(view, now))];
}

function checkUsable(accounts: readonly AccountView[], now: EpochMs): Finding {
  if (accounts.length === 0) {
    return warning("accounts", "no account is linked", "run `oma import`");
  }
  const ready = accounts.filter(({ eligibility }) => eligibility.eligible).length;
  if (ready > 0) return fine("accounts", `${ready} of ${accounts.length} can serve now`);
  const [first] = accounts.flatMap(({ eligibility }) => eligibility.at ?? []).toSorted();
  const message = `none of ${accounts.length} can serve now`;
  return first === undefined
    ? failed("accounts", message, "see `oma status` for why")
    : failed(
        "accounts",
        message,
        `wait: the first is ready ${spokenInstant(first, now)}; see \`oma status\``,
      );
}

function checkLogin({ alias, enabled, auth }: AccountView, now: EpochMs): Finding {
  const name = `login ${alias}`;
  if (auth.state === "invalid") {
    return warning(
      name,
      "the upstream refused it",
      "sign in again with the tool it came from, then `oma import`",
    );
  }
  if (!enabled) return fine(name, "disabled, not used");
  if (auth.expiresAt === undefined || auth.state === "expiring") return fine(name, "renewed at the next use");
  return fine(name, `token ends ${spokenInstant(auth.expiresAt, now)}, then it is renewed`);
}
