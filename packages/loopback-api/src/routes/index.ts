import { applyPreset } from "./apply-preset.ts";
import { beginSession } from "./begin-session.ts";
import { cancelLink } from "./cancel-link.ts";
import { changeFeatureFlags } from "./change-feature-flags.ts";
import { changeSettings } from "./change-settings.ts";
import { clearForce } from "./clear-force.ts";
import { createLaunchCode } from "./create-launch-code.ts";
import { describe } from "./describe.ts";
import { endSession } from "./end-session.ts";
import { events } from "./events.ts";
import { examine } from "./examine.ts";
import { exportBackup } from "./export-backup.ts";
import { forceAccount } from "./force-account.ts";
import { health } from "./health.ts";
import { importBackup } from "./import-backup.ts";
import { importLogin } from "./import-login.ts";
import { linkAccount } from "./link-account.ts";
import { listAccounts } from "./list-accounts.ts";
import { listDecisions } from "./list-decisions.ts";
import { listLogins } from "./list-logins.ts";
import { pasteLink } from "./paste-link.ts";
import { patchAccount } from "./patch-account.ts";
import { reauthAccount } from "./reauth-account.ts";
import { refreshLimits } from "./refresh-limits.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { removeAccount } from "./remove-account.ts";
import { resetSettings } from "./reset-settings.ts";
import { setEnabled } from "./set-enabled.ts";
import { showAccount } from "./show-account.ts";
import { showAntigravity } from "./show-antigravity.ts";
import { showDecision } from "./show-decision.ts";
import { showFeatureFlags } from "./show-feature-flags.ts";
import { showForce } from "./show-force.ts";
import { showLog } from "./show-log.ts";
import { showMetrics } from "./show-metrics.ts";
import { showLink } from "./show-link.ts";
import { showSeries } from "./show-series.ts";
import { showSettings } from "./show-settings.ts";
import { state } from "./state.ts";
import { stopLimits } from "./stop-limits.ts";
import { switchAccount } from "./switch-account.ts";

/** Every route, one file each. A new one is added here, and with that to the guard, the description and the client. */
export const routes = [
  health,
  beginSession,
  endSession,
  createLaunchCode,
  state,
  events,
  listAccounts,
  showAccount,
  linkAccount,
  setEnabled,
  patchAccount,
  removeAccount,
  reauthAccount,
  switchAccount,
  showLink,
  cancelLink,
  pasteLink,
  listLogins,
  importLogin,
  refreshLimits,
  stopLimits,
  refreshTokens,
  showForce,
  forceAccount,
  clearForce,
  showSettings,
  changeSettings,
  resetSettings,
  applyPreset,
  showFeatureFlags,
  changeFeatureFlags,
  listDecisions,
  showDecision,
  showSeries,
  showMetrics,
  showLog,
  examine,
  showAntigravity,
  exportBackup,
  importBackup,
  describe,
] as const;
