import { failure, type Failure } from "@open-multi-auth/domain";

/** The system refused to read the file. */
export type BackupUnreadable = Failure<"BACKUP_UNREADABLE", { path: string; errno: string }>;

/** The file is something else; the person names another. */
export type BackupForeign = Failure<"BACKUP_FOREIGN">;

/** The file is a backup that was cut short or altered; another copy is needed. */
export type BackupDamaged = Failure<"BACKUP_DAMAGED", { constraint: string }>;

/** A newer version wrote it; that version reads it. */
export type BackupUnsupported = Failure<"BACKUP_UNSUPPORTED", { version: number }>;

/** The backup is encrypted and no passphrase was given. */
export type PassphraseNeeded = Failure<"PASSPHRASE_NEEDED">;

/** The passphrase does not open it. One altered byte looks the same. */
export type PassphraseWrong = Failure<"PASSPHRASE_WRONG">;

/** It opened, and what is inside is not a valid store; nothing of it is used. */
export type BackupInvalid = Failure<"BACKUP_INVALID", { path: string; constraint: string }>;

/** Everything that can go wrong with reading a backup. */
export type BackupError =
  | BackupUnreadable
  | BackupForeign
  | BackupDamaged
  | BackupUnsupported
  | PassphraseNeeded
  | PassphraseWrong
  | BackupInvalid;

export const damaged = (constraint: string): BackupDamaged =>
  failure("BACKUP_DAMAGED", `the backup is damaged: ${constraint}`, { constraint });

export const unsupportedBackup = (version: number): BackupUnsupported =>
  failure("BACKUP_UNSUPPORTED", `the backup has version ${version}, newer than this program`, { version });
