import { failure, type AccountView, type Failure } from "@open-multi-auth/domain";
import { err, errAsync, ok, ResultAsync, type Result } from "neverthrow";
import type { RouteDeps } from "../route.ts";
import { accountNotFound } from "./not-found.ts";

type Deps = Pick<RouteDeps, "ports" | "busy">;

/**
 * Changes one account while nobody else does: who comes meanwhile gets `UPDATE_IN_PROGRESS`.
 *
 * @param alias as it was called in the request
 */
export function alone<T>(
  alias: string,
  { busy }: Pick<Deps, "busy">,
  change: () => ResultAsync<T, Failure>,
): ResultAsync<T, Failure> {
  if (busy.has(alias)) {
    const message = `another change to ${alias} was being saved; nothing was changed`;
    return errAsync(failure("UPDATE_IN_PROGRESS", message, { alias }));
  }
  busy.add(alias);
  return new ResultAsync(freeing());

  async function freeing(): Promise<Result<T, Failure>> {
    try {
      return await change();
    } finally {
      busy.delete(alias);
    }
  }
}

/** The same, and shows the account as it is then, under its new name where it has one. */
export function changedAccount(
  alias: string,
  deps: Deps,
  change: () => ResultAsync<void, Failure>,
  newAlias: string = alias,
): ResultAsync<{ account: AccountView }, Failure> {
  return alone(alias, deps, change).andThen(() => {
    const account = deps.ports.state.accounts().find((candidate) => candidate.alias === newAlias);
    return account === undefined ? err(accountNotFound(newAlias)) : ok({ account });
  });
}
