export {
  createAuthorization,
  parsePastedCallback,
  readCallback,
  type Authorization,
  type AuthorizationWish,
} from "./authorization-code.ts";
export { parseCodexAuthFile } from "./auth-file/codex.ts";
export type { CodexLogin } from "./auth-file/codex-login.ts";
export type { AuthFileKind, ImportedLogin } from "./auth-file/kind.ts";
export { parseOpenCodeAuthFile } from "./auth-file/opencode.ts";
export {
  awaitApproval,
  startDeviceFlow,
  type DeviceApproval,
  type DeviceAuthorization,
  type DeviceDeps,
} from "./device-flow.ts";
export type {
  AuthFileUnreadable,
  ExchangeError,
  ImportError,
  RefreshTokenRejected,
  RejectionReason,
  TokenError,
  WriteBackError,
} from "./errors.ts";
export { exchangeCode, type CodeExchange } from "./exchange-code.ts";
export { fingerprint } from "./fingerprint.ts";
export { identityOf, sameIdentity, type Identity } from "./identity.ts";
export { isNewerLogin } from "./newer-login.ts";
export type { CredentialStore, LeaseError, RefreshLease, SharedFiles, Timers } from "./ports.ts";
export { keepRenewed, type RenewalDeps, type RenewalFailure } from "./renewal/keep-renewed.ts";
export type { CallbackError, SignInDenied, SignInError } from "./sign-in-errors.ts";
export type { TokenAnswer } from "./token-answer.ts";
export { refreshTokenSet, type RefreshRequest } from "./token-endpoint.ts";
export {
  createTokenSource,
  type AccessToken,
  type TokenSource,
  type TokenSourceDeps,
} from "./token-source.ts";
export { listWorkspaces, type Workspace } from "./workspaces.ts";
