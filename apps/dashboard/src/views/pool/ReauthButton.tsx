import type { AccountView } from "@open-multi-auth/domain";
import type { LinkView } from "@open-multi-auth/loopback-api/client";
import { Button } from "../../components/button.tsx";
import { Glyph } from "../../components/glyph.tsx";
import type { PoolActions } from "./actions.ts";

/** What the re-auth button shows. */
export type ReauthState = "idle" | "in-progress" | "success" | "error";

/** The newest sign-in that renews this account. */
export function reauthOf(links: readonly LinkView[], alias: string): LinkView | undefined {
  return links
    .filter((link) => link.purpose === "reauth" && link.alias === alias)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
}

interface ReauthButtonProps {
  readonly account: AccountView;
  readonly state: ReauthState;
  readonly actions: PoolActions;
}

/** Signs in again as this account: quiet, filled when it is needed, and then what became of it. */
export function ReauthButton({ account, state, actions }: ReauthButtonProps) {
  const { alias, enabled, auth } = account;
  if (!enabled) return <span />;
  const start = (): void => void actions.reauth(alias);
  const who = <span class="vh"> as {alias}</span>;
  switch (state) {
    case "in-progress":
      return (
        <Button class="ra" busy data-ra={state}>
          Waiting{who}
        </Button>
      );
    case "success":
      return (
        <span class="ra ra-done" data-ra={state} role="status">
          <Glyph name="pass" /> Done
        </span>
      );
    case "error":
      return (
        <Button class="ra" data-ra={state} onClick={start}>
          <Glyph name="err" />
          Retry{who}
        </Button>
      );
    case "idle":
      return auth.state === "invalid" ? (
        <Button kind="primary" icon="key" class="ra" data-ra={state} onClick={start}>
          Re-auth{who}
        </Button>
      ) : (
        <Button kind="quiet" class="ra" data-ra={state} onClick={start}>
          Re-auth{who}
        </Button>
      );
    default:
      return state satisfies never;
  }
}
