import type { CommandEntry } from "../command.ts";

/** All commands, in the order of the help. Each lives in a file of its own, which is loaded when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: "add",
    summary: "Link an account by signing in to it, in a browser or with a code",
    load: async () => (await import("./add.ts")).addCommand,
  },
  {
    name: "import",
    summary: "Link the account that the Codex CLI or OpenCode is signed in with",
    load: async () => (await import("./import.ts")).importCommand,
  },
  {
    name: "list",
    summary: "Show all accounts, one line each",
    load: async () => (await import("./list.ts")).listCommand,
  },
  {
    name: "status",
    summary: "Show whether and why each account can serve requests",
    load: async () => (await import("./status.ts")).statusCommand,
  },
  {
    name: "refresh",
    summary: "Renew the tokens and measure the limits of all accounts, or of one",
    load: async () => (await import("./refresh.ts")).refreshCommand,
  },
  {
    name: "guard",
    summary: "Succeed only if an account has enough left, for scripts",
    load: async () => (await import("./guard.ts")).guardCommand,
  },
  {
    name: "reauth",
    summary: "Sign an account in again, keeping everything else of it",
    load: async () => (await import("./reauth.ts")).reauthCommand,
  },
  {
    name: "switch",
    summary: "Sign the Codex CLI in with an account",
    load: async () => (await import("./switch.ts")).switchCommand,
  },
  {
    name: "enable",
    summary: "Let an account serve requests again",
    load: async () => (await import("./enable.ts")).enableCommand,
  },
  {
    name: "disable",
    summary: "Take an account out of the rotation, keeping its login",
    load: async () => (await import("./disable.ts")).disableCommand,
  },
  {
    name: "rename",
    summary: "Call an account something else",
    load: async () => (await import("./rename.ts")).renameCommand,
  },
  {
    name: "tag",
    summary: "Tag an account, or show its tags",
    load: async () => (await import("./tag.ts")).tagCommand,
  },
  {
    name: "note",
    summary: "Keep a note on an account, or show it",
    load: async () => (await import("./note.ts")).noteCommand,
  },
  {
    name: "force",
    summary: "Pin one account over any strategy for 24 hours",
    load: async () => (await import("./force.ts")).forceCommand,
  },
  {
    name: "settings",
    summary: "Show and change strategy, thresholds, weights and the rest",
    load: async () => (await import("./settings.ts")).settingsCommand,
  },
  {
    name: "remove",
    summary: "Forget an account and its login",
    load: async () => (await import("./remove.ts")).removeCommand,
  },
  {
    name: "export",
    summary: "Write a backup of all accounts and settings, encrypted",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "import-backup",
    summary: "Add the accounts of a backup; what is here stays unless you say otherwise",
    load: async () => (await import("./import-backup.ts")).importBackupCommand,
  },
  {
    name: "restore",
    summary: "Go back to how accounts and settings were before a change",
    load: async () => (await import("./restore.ts")).restoreCommand,
  },
  {
    name: "encrypt",
    summary: "Encrypt the store of your accounts, with a passphrase or a key in the keychain",
    load: async () => (await import("./encrypt.ts")).encryptCommand,
  },
  {
    name: "decrypt",
    summary: "Store your accounts in the open again",
    load: async () => (await import("./decrypt.ts")).decryptCommand,
  },
  {
    name: "why",
    summary: "Explain which account served a request, and why",
    load: async () => (await import("./why.ts")).whyCommand,
  },
  {
    name: "logs",
    summary: "Show requests, changes and incidents, newest last",
    load: async () => (await import("./logs.ts")).logsCommand,
  },
  {
    name: "metrics",
    summary: "Show how the pool did: success, failovers, added latency",
    load: async () => (await import("./metrics.ts")).metricsCommand,
  },
  {
    name: "doctor",
    summary: "Check the installation and say what to repair",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "install",
    summary: "Add the plugin to OpenCode's configuration",
    load: async () => (await import("./install.ts")).installCommand,
  },
  {
    name: "uninstall",
    summary: "Take the plugin out of OpenCode's configuration again",
    load: async () => (await import("./uninstall.ts")).uninstallCommand,
  },
  {
    name: "dashboard",
    alias: "web",
    summary: "Serve the dashboard of your accounts on this machine, and open it",
    load: async () => (await import("./dashboard.ts")).dashboardCommand,
  },
  {
    name: "gateway",
    summary: "Answer the Codex CLI, SDK clients and others from the pool, over loopback HTTP",
    load: async () => (await import("./gateway.ts")).gatewayCommand,
  },
  {
    name: "key",
    summary: "Make, list and revoke the keys that open the gateway",
    load: async () => (await import("./key.ts")).keyCommand,
  },
  {
    name: "service",
    summary: "Keep the gateway or the dashboard running, from every login on",
    load: async () => (await import("./service.ts")).serviceCommand,
  },
  {
    name: "promote",
    summary: "Bring a new version in by stages, each judged from its records",
    load: async () => (await import("./promote.ts")).promoteCommand,
  },
  {
    name: "rollback",
    summary: "Go back to an earlier version, with its settings and today's logins",
    load: async () => (await import("./rollback.ts")).rollbackCommand,
  },
  {
    name: "completion",
    summary: "Print the script with which a shell completes commands and options",
    load: async () => (await import("./completion.ts")).completionCommand,
  },
  {
    name: "demo",
    summary: "Watch the real OpenCode rotate over simulated accounts",
    load: async () => (await import("./demo.ts")).demoCommand,
  },
];
