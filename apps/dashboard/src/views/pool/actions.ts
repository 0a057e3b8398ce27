import { signal, type ReadonlySignal, type Signal } from "../../state/signal.ts";
import type { App } from "../../app/app.ts";
import type { AccountPatch, FailureView, LinkStarted, LinkView } from "@open-multi-auth/loopback-api/client";

/** A switch on its way, or one that was refused. */
export type SwitchChange =
  | { readonly kind: "updating"; readonly to: boolean }
  | { readonly kind: "error"; readonly to: boolean; readonly error: FailureView };

/** A force on its way, or one that was refused. */
export type ForceChange =
  | { readonly kind: "updating"; readonly alias: string | null }
  | { readonly kind: "error"; readonly alias: string | null; readonly error: FailureView };

/** Everything that the Pool view changes. What concerns one account shows in its row. */
export interface PoolActions {
  /** By alias. */
  readonly switches: ReadonlySignal<Readonly<Record<string, SwitchChange>>>;
  readonly forcing: ReadonlySignal<ForceChange | undefined>;
  /** Failures of other changes, by alias. */
  readonly problems: ReadonlySignal<Readonly<Record<string, FailureView>>>;
  /** @param allowNone also where no enabled account is left */
  readonly setEnabled: (alias: string, to: boolean, allowNone?: boolean) => Promise<void>;
  readonly forgetSwitch: (alias: string) => void;
  readonly forgetProblem: (alias: string) => void;
  /** Ends the force where none is named. */
  readonly force: (alias: string | null) => Promise<void>;
  readonly forgetForce: () => void;
  /** All enabled ones where none is named. */
  readonly refreshLimits: (alias?: string) => Promise<void>;
  readonly stopLimits: () => Promise<void>;
  readonly renewToken: (alias?: string) => Promise<void>;
  readonly useInCodex: (alias: string, replace?: boolean) => Promise<void>;
  readonly reauth: (
    alias: string,
    wish?: { method?: "browser" | "device"; allowOtherAccount?: boolean },
  ) => Promise<void>;
  readonly cancelLink: (id: string) => Promise<void>;
  /** @returns why not, or nothing */
  readonly patch: (alias: string, patch: AccountPatch) => Promise<FailureView | undefined>;
  readonly remove: (alias: string) => Promise<FailureView | undefined>;
}

const known = new WeakMap<App, PoolActions>();

/** The actions of an app; they outlive the view, so that a refusal is still there on return. */
export function poolActions(app: App): PoolActions {
  const actions = known.get(app) ?? createPoolActions(app);
  known.set(app, actions);
  return actions;
}

function createPoolActions(app: App): PoolActions {
  const { call, toasts } = app;
  const switches = signal<Readonly<Record<string, SwitchChange>>>({});
  const problems = signal<Readonly<Record<string, FailureView>>>({});
  const forcing = signal<ForceChange | undefined>(undefined);

  const setProblem = (alias: string, error?: FailureView): void => put(problems, alias, error);
  /** Where no row is there to say it in. */
  const failed = (title: string, error: FailureView, again: () => Promise<void>): void =>
    toasts.show({
      kind: "error",
      title,
      text: error.message,
      code: error.code,
      action: { label: "Try again", run: () => void again() },
    });

  const actions: PoolActions = {
    switches,
    problems,
    forcing,
    forgetProblem: (alias) => setProblem(alias),
    forgetSwitch: (alias) => put(switches, alias),

    setEnabled: async (alias, to, allowNone) => {
      if (switches.value[alias]?.kind === "updating") return;
      const setSwitch = (change?: SwitchChange): void => put(switches, alias, change);
      setSwitch({ kind: "updating", to });
      const body = { enabled: to, ...(allowNone === true && { allowNone }) };
      const result = await call("PUT /api/accounts/:alias/enabled", { params: { alias }, body });
      if (result.ok) {
        app.replaceAccount(result.value.account);
        setSwitch();
      } else if (result.error.code === "ALREADY_IN_STATE") {
        // Somebody else was quicker, and it is as wanted.
        await app.reload();
        setSwitch();
      } else {
        setSwitch({ kind: "error", to, error: result.error });
      }
    },

    force: async (alias) => {
      if (forcing.value?.kind === "updating") return;
      forcing.value = { kind: "updating", alias };
      const result = await (alias === null
        ? call("POST /api/force/clear")
        : call("POST /api/force", { body: { alias } }));
      if (result.ok) await app.reload();
      forcing.value = result.ok ? undefined : { kind: "error", alias, error: result.error };
    },
    forgetForce: () => {
      if (forcing.value?.kind === "error") forcing.value = undefined;
    },

    refreshLimits: async (alias) => {
      const result = await call("POST /api/limits/refresh", { body: alias === undefined ? {} : { alias } });
      if (result.ok) app.setProbes(result.value);
      else if (alias !== undefined) setProblem(alias, result.error);
      else failed("Limits were not read", result.error, () => actions.refreshLimits());
    },
    stopLimits: async () => {
      const result = await call("POST /api/limits/stop");
      if (result.ok) app.setProbes(result.value);
      else failed("Reading goes on", result.error, () => actions.stopLimits());
    },

    renewToken: async (alias) => {
      const result = await call("POST /api/tokens/refresh", { body: alias === undefined ? {} : { alias } });
      if (!result.ok) {
        if (alias !== undefined) setProblem(alias, result.error);
        else failed("Tokens were not renewed", result.error, () => actions.renewToken());
        return;
      }
      const { refreshed, failed: refused } = result.value;
      for (const { alias: one, code, message } of refused) setProblem(one, { code, message });
      if (refreshed.length > 0) {
        const names = refreshed.map((one) => one.alias).join(", ");
        toasts.show({ kind: "done", title: `Renewed the sign-in of ${names}` });
      }
    },

    useInCodex: async (alias, replace) => {
      const body = replace === true ? { replace } : {};
      const result = await call("POST /api/accounts/:alias/switch", { params: { alias }, body });
      if (!result.ok) return setProblem(alias, result.error);
      toasts.show({ kind: "done", title: `The Codex CLI uses ${alias}`, text: result.value.path });
      await app.reload();
    },

    reauth: async (alias, wish = {}) => {
      setProblem(alias);
      // One sign-in at a time: another way gives up the one that waits.
      const waiting = app.state.value?.links.find(
        (link) => link.purpose === "reauth" && link.alias === alias && link.progress === "in-progress",
      );
      if (waiting) await actions.cancelLink(waiting.id);
      const body = { method: "browser" as const, ...wish };
      const result = await call("POST /api/accounts/:alias/reauth", { params: { alias }, body });
      if (!result.ok) return setProblem(alias, result.error);
      begin(app, result.value);
    },
    cancelLink: async (id) => {
      const result = await call("DELETE /api/links/:id", { params: { id } });
      if (result.ok) app.replaceLink(result.value);
    },

    patch: async (alias, patch) => {
      const result = await call("PATCH /api/accounts/:alias", { params: { alias }, body: patch });
      if (!result.ok) return result.error;
      await app.reload();
      return undefined;
    },
    remove: async (alias) => {
      const result = await call("DELETE /api/accounts/:alias", { params: { alias } });
      if (!result.ok) return result.error;
      await app.reload();
      toasts.show({ kind: "done", title: `${alias} is removed`, text: "Its ChatGPT account is as it was." });
      return undefined;
    },
  };
  return actions;
}

/** Takes a sign-in that has begun, and opens where the person signs in. */
export function begin(app: App, { link }: LinkStarted): LinkView {
  app.replaceLink(link);
  if (link.prompt?.kind === "browser") openTab(link.prompt.url);
  return link;
}

/** The tab learns nothing of this page. */
export function openTab(url: string): void {
  window.open(url, "_blank", "noopener,noreferrer");
}

/** Keeps a value for an alias, or forgets the one that was kept. */
function put<Value>(kept: Signal<Readonly<Record<string, Value>>>, alias: string, value?: Value): void {
  const { [alias]: _, ...others } = kept.value;
  kept.value = value === undefined ? others : { ...others, [alias]: value };
}
