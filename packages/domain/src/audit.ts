import { z } from "zod";
import type { Account } from "./account.ts";
import { actorSchema } from "./actor.ts";
import type { AccountId } from "./ids.ts";
import { redact } from "./redact.ts";
import type { StoreV2 } from "./store.ts";
import { epochMsSchema } from "./time.ts";

/** What was done, by a word that stays the same whatever the door. */
export type AuditAction =
  | "account.disable"
  | "account.edit"
  | "account.enable"
  | "account.link"
  | "account.reauth"
  | "account.remove"
  | "account.rename"
  | "account.switch"
  | "backup.export"
  | "backup.import"
  | "backup.restore"
  | "flags.change"
  | "force.activate"
  | "force.clear"
  /** By itself: it expired, or its account can serve no model any more; `reason` says which. */
  | "force.end"
  | "key.create"
  | "key.revoke"
  | "settings.change"
  | "settings.preset"
  | "settings.reset";

const changeSchema = z.looseObject({
  /** The path of the field, as `settings.criticalThreshold` or `accounts.work.enabled`. */
  field: z.string(),
  /** `null` where there was nothing. */
  from: z.unknown(),
  to: z.unknown(),
});
export type AuditChange = z.infer<typeof changeSchema>;

/** One line of `audit.jsonl`: who changed what, when, and from what to what. Never a secret. */
export const auditEntrySchema = z.looseObject({
  at: epochMsSchema,
  actor: actorSchema,
  action: z.string(),
  reason: z.string().optional(),
  changes: z.array(changeSchema),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/**
 * What people decide about, as far as two states differ in it. Of a login only that it was replaced.
 *
 * @param before the state that the change was made to, not an earlier one
 */
export function auditChanges(before: StoreV2, after: StoreV2): AuditChange[] {
  return [
    ...differing("", decidedOf(before), decidedOf(after)),
    ...differing("settings.", partsOf(before.settings), partsOf(after.settings)),
    ...differing("gatewayKeys.", keysOf(before), keysOf(after)),
    ...accountChanges(before, after),
  ];
}

const decidedOf = (store: StoreV2): Record<string, unknown> => ({
  rotationStrategy: store.rotationStrategy,
  previousRotationStrategy: store.previousRotationStrategy,
  forcedAlias: store.forcedAlias,
  forcedUntil: store.forcedUntil,
  activeAlias: store.activeAlias,
});

const keysOf = ({ gatewayKeys = [] }: StoreV2): Record<string, unknown> =>
  Object.fromEntries(gatewayKeys.map(({ name }) => [name, "present"]));

/** Settings with the parts of those that have some each on its own. */
function partsOf(settings: object): Record<string, unknown> {
  const parts = Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, part]) => [`${name}.${key}`, part] as const)
      : [[name, value] as const],
  );
  return Object.fromEntries(parts);
}

function accountChanges(before: StoreV2, after: StoreV2): AuditChange[] {
  const old = byId(before);
  const fresh = byId(after);
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), fresh.get(id)];
    const alias = is?.alias ?? was?.alias ?? "";
    if (!was || !is)
      return [{ field: `accounts.${alias}`, from: was ? "linked" : null, to: is ? "linked" : null }];
    if (was === is) return [];
    return differing(`accounts.${was.alias}.`, decidedOn(was), decidedOn(is)).concat(loginChange(was, is));
  });
}

const decidedOn = ({ alias, enabled, disableReason, tags, notes }: Account): Record<string, unknown> => ({
  alias,
  enabled,
  disableReason,
  tags,
  notes,
});

const loginChange = (was: Account, is: Account): AuditChange[] =>
  was.refreshToken === is.refreshToken
    ? []
    : [{ field: `accounts.${was.alias}.login`, from: "present", to: "replaced" }];

function differing(
  prefix: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): AuditChange[] {
  const old = new Map(Object.entries(before));
  const fresh = new Map(Object.entries(after));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((name) => ({ name, from: old.get(name) ?? null, to: fresh.get(name) ?? null }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to))
    .map(({ name, from, to }) => ({ field: prefix + name, from: masked(from), to: masked(to) }))
    .map((change) => (change.field === NTFY_URL ? { ...change, ...serversOf(change) } : change));
}

/** Whoever knows the topic can read along. */
const NTFY_URL = "settings.notifications.ntfyUrl";

const serversOf = ({ from, to }: Pick<AuditChange, "from" | "to">): Pick<AuditChange, "from" | "to"> => ({
  from: serverOf(from),
  to: serverOf(to),
});

const serverOf = (url: unknown): unknown =>
  typeof url === "string" ? url.replace(/^(https?:\/\/[^/]*).*/i, "$1/...") : url;

/** Notes and reasons are a person's free text: a secret may have been pasted into them. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  return Array.isArray(value) ? value.map(masked) : value;
}

const byId = ({ accounts }: StoreV2): Map<AccountId, Account> =>
  new Map(Object.values(accounts).map((account) => [account.id, account]));
