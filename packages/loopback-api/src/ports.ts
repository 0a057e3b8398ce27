import type {
  AccountView,
  Actor,
  DecisionRecord,
  EpochMs,
  Failure,
  ForceView,
  LogEntry,
  Metrics,
  SeriesView,
  SettingsView,
} from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";
import type { AntigravityReading } from "./schemas/antigravity.ts";
import type { AccountDetail, AccountPatch } from "./schemas/account.ts";
import type { Imported } from "./schemas/backup.ts";
import type { DoctorReport } from "./schemas/doctor.ts";
import type { ApiEvent } from "./schemas/events.ts";
import type { ForceClearedView } from "./schemas/force.ts";
import type { ProbeProgress, TokensRefreshed } from "./schemas/limits.ts";
import type { LinkView } from "./schemas/link.ts";
import type { FoundLogin, LoginImported, LoginSource } from "./schemas/logins.ts";
import type { SettingsAnswer } from "./schemas/settings.ts";
import type { StateView } from "./schemas/state.ts";

/** What is asked for. */
type Asked<T> = ResultAsync<T, Failure>;

/** What the API needs of the pool: its whole world besides HTTP. Every change is on disk when it resolves. */
export interface ApiPorts {
  readonly state: StatePort;
  readonly decisions: DecisionsPort;
  readonly doctor: DoctorPort;
  readonly records: RecordsPort;
  readonly antigravity: AntigravityPort;
  readonly logins: LoginsPort;
  /** The changes, on behalf of whoever asks. */
  readonly changes: (actor: Actor) => Changes;
}

/** Asked only while its flag is on, and loaded then. */
export interface AntigravityPort {
  read(): Promise<AntigravityReading>;
}

/** What can be seen at any moment, in memory. */
export interface StatePort {
  /** Everything, as of now. */
  view(): StateView;
  accounts(): AccountView[];
  account(alias: string): AccountDetail | undefined;
  force(): ForceView;
  settings(): SettingsAnswer;
  links(): LinkView[];
  link(id: string): LinkView | undefined;
  probes(): ProbeProgress;
  /**
   * Tells what happens, in this process and in others, until the returned function is called.
   *
   * @param tell of everything but `hello`, `state` and `gap`
   * @param changed whenever `view()` may have changed
   */
  watch(tell: (event: Happening) => void, changed: () => void): () => void;
}

/** An event of the pool's, not of a connection's. */
export type Happening = Exclude<ApiEvent, { type: "hello" | "state" | "gap" }>;

/** The records of every process. */
export interface DecisionsPort {
  /** The newest, newest first. */
  read(limit: number): Asked<DecisionRecord[]>;
}

/** What is kept of all that the pool did, in every process. */
export interface RecordsPort {
  /** The newest days, up to now; all that is kept where none is named. */
  series(days: number | undefined): Asked<SeriesView>;
  metrics(): Asked<Metrics>;
  /** The newest entries, newest first. */
  log(wish: { readonly limit: number; readonly alias?: string | undefined }): Asked<LogEntry[]>;
}

/** What checks the installation. */
export interface DoctorPort {
  examine(): Promise<DoctorReport>;
}

/** The logins of other tools on this machine. */
export interface LoginsPort {
  find(): Promise<FoundLogin[]>;
}

/** Everything that a person may change. */
export interface Changes {
  /** `ACCOUNT_NOT_FOUND`, `ALREADY_IN_STATE`, `LAST_ENABLED_ACCOUNT`. */
  setEnabled(
    alias: string,
    wish: { enabled: boolean; reason?: string | undefined; allowNone?: boolean | undefined },
  ): Asked<void>;
  /** All of it or nothing: `ACCOUNT_NOT_FOUND`, `ALIAS_TAKEN`, `ALIAS_INVALID`, `DETAILS_INVALID`, `VALIDATION_ERROR`. */
  patch(alias: string, patch: AccountPatch): Asked<void>;
  /** `ACCOUNT_NOT_FOUND`. */
  remove(alias: string): Asked<void>;
  /** `ACCOUNT_NOT_FOUND`, `CODEX_LOGIN_UNLINKED` unless `replace`, `REAUTH_NEEDED`, and what its file may refuse. */
  switchTo(alias: string, replace: boolean): Asked<{ alias: string; path: string }>;

  /** Begins a sign-in that adds an account. */
  link(wish: LinkWishInput): Asked<LinkView>;
  /** Begins one that renews an account's login: `ACCOUNT_DISABLED`, `REAUTH_IN_PROGRESS` besides. */
  reauth(alias: string, wish: ReauthWishInput): Asked<LinkView>;
  /** Gives up; harmless where it has ended. `LINK_NOT_FOUND`. */
  cancelLink(id: string): Asked<LinkView>;
  /** Takes the address that a browser on another machine ended at. */
  pasteLink(id: string, address: string): Asked<LinkView>;

  /** Links what a tool is signed in as. `AUTH_FILE_UNREADABLE`, `AUTH_FILE_INVALID`, `AUTH_FILE_WITHOUT_LOGIN`. */
  importLogins(source: LoginSource): Asked<LoginImported[]>;

  /** Queues probes of one account or of all enabled ones; their end is told as events. */
  refreshLimits(wish: { alias?: string | undefined; maySpendQuota: boolean }): Asked<ProbeProgress>;
  /** Calls off what is queued and what runs. */
  stopLimits(): Asked<ProbeProgress>;
  /** Renews tokens. One that fails does not keep the others from it. */
  refreshTokens(alias: string | undefined): Asked<TokensRefreshed>;

  /** `NO_ACCOUNTS`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DISABLED`, `ACCOUNT_NOT_ELIGIBLE`. */
  force(alias: string): Asked<ForceView>;
  clearForce(): Asked<ForceClearedView>;

  /** A merge patch from outside; `VALIDATION_ERROR` changes nothing. */
  changeSettings(patch: unknown): Asked<SettingsView>;
  applyPreset(name: unknown): Asked<SettingsView>;
  resetSettings(): Asked<SettingsView>;
  changeFeatureFlags(flags: unknown): Asked<SettingsView>;

  /** The text of an encrypted backup of everything. `NO_ACCOUNTS`, `PASSPHRASE_WEAK`. */
  exportBackup(passphrase: string): Asked<{ text: string; name: string }>;
  /** All of it or nothing; the codes of core-store's `BackupError`. */
  importBackup(wish: ImportWishInput): Asked<Imported>;
}

/** What is to be linked, as it came in. */
export interface LinkWishInput {
  readonly alias?: string | undefined;
  readonly method: "browser" | "device";
  readonly workspace?: string | undefined;
}

/** How to sign in again, as it came in. */
export interface ReauthWishInput {
  readonly method?: "browser" | "device" | undefined;
  readonly allowOtherAccount?: boolean | undefined;
}

/** What is to be imported, as it came in. */
export interface ImportWishInput {
  readonly backup: string;
  readonly passphrase?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
}

/** Where instants come from; ISO-8601 is made of them. */
export interface ApiClock {
  now(): EpochMs;
}
