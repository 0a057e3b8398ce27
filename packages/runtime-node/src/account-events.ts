import { fingerprint } from "@open-multi-auth/auth-oauth";
import type { Change, PoolStore } from "@open-multi-auth/core-store";
import type { Account, AccountId, Clock, Random, Settings, StoreV2 } from "@open-multi-auth/domain";
import { applyAccountEvent, isDurable, type AccountEvent } from "@open-multi-auth/scheduler";
import type { ForceKeeper } from "./force-keeper.ts";

interface Deps {
  readonly store: PoolStore;
  readonly force: ForceKeeper;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly random: Random;
}

/** Takes note of what happened to an account: in memory at once, on disk behind it. */
export function recordEvent(
  { accountId, event }: { readonly accountId: AccountId; readonly event: AccountEvent },
  { store, force, settings, clock, random }: Deps,
): void {
  const context = { settings: settings(), now: clock.now(), random: frozen(random.next()) };
  const change: Change = (state) =>
    changeAccount(state, accountId, (account) =>
      isVoid(event, account) ? account : applyAccountEvent(account, event, context),
    );
  if (isDurable(event)) force.apply(change);
  else store.apply(change, "soon");
}

/** A refused token says nothing about an account that the person has linked anew, or another process renewed. */
function isVoid(event: AccountEvent, { accessToken, refreshToken }: Account): boolean {
  if (event.kind !== "auth-invalid" || event.fingerprint === undefined) return false;
  return ![accessToken, refreshToken].map(fingerprint).includes(event.fingerprint);
}

/** A change is applied again to what another process wrote in between; it must come out the same. */
function frozen(value: number): Random {
  return { next: () => value };
}

function changeAccount(state: StoreV2, id: AccountId, change: (account: Account) => Account): StoreV2 {
  const account = Object.values(state.accounts).find((candidate) => candidate.id === id);
  if (!account) return state;
  return { ...state, accounts: { ...state.accounts, [account.alias]: change(account) } };
}
