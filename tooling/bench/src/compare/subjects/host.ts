import type { AccountView } from "@open-multi-auth/upstream-sim";

const nothing = async (): Promise<object> => ({});

/** What OpenCode hands to a plugin, as far as these two use it. */
export function openCodeInput(): object {
  const client = {
    app: { log: nothing },
    tui: { showToast: nothing },
    auth: { set: nothing },
    session: {},
  };
  return { client, directory: process.cwd(), worktree: process.cwd(), project: {}, $: nothing };
}

/** OpenCode's own login: it is signed in with one of the accounts, as it is after linking one. */
export function openCodeLogin({ tokens }: AccountView): () => Promise<object> {
  const login = {
    type: "oauth",
    access: tokens.accessToken,
    refresh: tokens.refreshToken,
    expires: tokens.expiresAt,
  };
  return async () => login;
}
