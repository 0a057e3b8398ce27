import type { Failure } from "@open-multi-auth/domain";
import type { Result } from "neverthrow";

/** What can be kept running. */
export const SERVICE_NAMES = ["gateway", "dashboard"] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** What a service manager is told of a service. */
export interface ServiceSpec {
  readonly name: ServiceName;
  /** An absolute path and its arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** How a service stands. */
export interface ServiceState {
  /** What the service manager says, in its words; undefined where it knows nothing of the service. */
  readonly state: string | undefined;
  readonly isRunning: boolean;
  readonly pid?: number;
}

export type ServiceError =
  /** The manager cannot be asked from here: nothing was changed. */
  | Failure<"SERVICE_MANAGER_UNREACHABLE", { fix: string }>
  /** It refused. */
  | Failure<"SERVICE_FAILED", { fix: string }>;

/** The part of a system that keeps programs running. */
export interface ServiceManager {
  /** The file that tells it of a service. */
  path(name: ServiceName): string;
  /** What stands in that file. */
  text(spec: ServiceSpec): string;
  /** Finds out whether it can be asked. */
  reach(): Promise<Result<void, ServiceError>>;
  /** Has it read the file, start the service, and start it again at every login. */
  start(name: ServiceName): Promise<Result<void, ServiceError>>;
  /** Has it end the service, if it runs, and start it no more. The file is still there. */
  stop(name: ServiceName): Promise<Result<void, ServiceError>>;
  /** Has it forget the service, whose file is gone. */
  forget(): Promise<void>;
  state(name: ServiceName): Promise<Result<ServiceState, ServiceError>>;
  /** What a person may want to know once it runs. */
  hint(name: ServiceName): string;
}

/** The line by which a file is known to be ours. */
export const MARK = "Written by `oma service install`; `oma service uninstall` removes it.";
