import { homedir } from "node:os";
import type { Antigravity } from "@open-multi-auth/antigravity";
import type { Clock } from "@open-multi-auth/domain";
import type { AntigravityPort } from "@open-multi-auth/loopback-api";

interface Deps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

/** Antigravity's panel: nothing of it is loaded, and nothing looked for, before it is first asked for. */
export function antigravityPort({ env, clock }: Deps): AntigravityPort {
  let loaded: Promise<Antigravity> | undefined;
  return {
    async read() {
      loaded ??= import("@open-multi-auth/antigravity").then(({ createAntigravity }) =>
        createAntigravity({ env, home: env["HOME"] || homedir(), clock }),
      );
      return (await loaded).read();
    },
  };
}
