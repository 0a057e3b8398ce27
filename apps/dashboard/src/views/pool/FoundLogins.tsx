import type { FoundLogin } from "@open-multi-auth/loopback-api/client";
import type { ComponentChildren } from "preact";
import { useAnswer } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { poolActions } from "./actions.ts";

const TOOLS: Readonly<Record<FoundLogin["source"], string>> = {
  codex: "The Codex CLI",
  opencode: "OpenCode",
};

interface FoundLoginsProps {
  readonly logins: ReturnType<typeof useLogins>;
  readonly children?: ComponentChildren;
}

/** Asks what other tools are signed in as here. */
export const useLogins = () => useAnswer("GET /api/logins");

/** What other tools are signed in as here and is not linked yet, to be linked with a click. */
export function FoundLogins({ logins, children }: FoundLoginsProps) {
  const app = useApp();
  const { call, reload, toasts } = app;
  const found = logins.value?.logins.filter(({ alias }) => alias === undefined) ?? [];
  const link = async (source: FoundLogin["source"]): Promise<void> => {
    const result = await call("POST /api/logins/import", { body: { source } });
    if (!result.ok) {
      const { code, message: text } = result.error;
      return toasts.show({ kind: "error", title: "Nothing was imported", text, code });
    }
    const aliases = result.value.accounts.map(({ alias }) => alias);
    toasts.show({
      kind: "done",
      title: `${aliases.join(", ")} is linked`,
      text: "Its limits are being read.",
    });
    await reload();
    for (const alias of aliases) void poolActions(app).refreshLimits(alias);
  };
  if (found.length === 0 && !children) return null;
  return (
    <ul class="found">
      {found.map(({ source, email }) => (
        <li key={`${source} ${email}`}>
          <Icon name="terminal" />
          <span>
            {TOOLS[source]} is signed in as{" "}
            <b class="em">
              <span>{email ?? "an account without an e-mail address"}</span>
            </b>
          </span>
          <Button onClick={() => void link(source)}>Import</Button>
        </li>
      ))}
      {children}
    </ul>
  );
}
