import { failure, messageOf } from "@open-multi-auth/domain";
import type { LockError, PathProblem, StoreError } from "../errors.ts";

/** A failure on its way through promises (lowdb's adapters reject); it becomes a value where the package ends. */
export class Fault<E extends StoreError = StoreError> extends Error {
  readonly failure: E;

  constructor(reason: E) {
    super(reason.message);
    this.failure = reason;
  }
}

/** The failure inside a rejection. What neither we nor the system threw is a bug and stays an exception. */
export function failureOf(thrown: unknown): StoreError {
  if (thrown instanceof Fault) return thrown.failure;
  const errno = errnoOf(thrown);
  if (errno === undefined) throw thrown;
  const path = thrown instanceof Error && "path" in thrown ? String(thrown.path) : "";
  return failure("STORE_UNWRITABLE", messageOf(thrown), { path, errno });
}

/** Like {@link failureOf}, for the operations of a lock. */
export function lockErrorOf(thrown: unknown): LockError {
  const error = failureOf(thrown);
  if (isLockError(error)) return error;
  throw thrown;
}

const LOCK_ERRORS: ReadonlySet<string> = new Set<LockError["code"]>([
  "STORE_LOCKED",
  "STORE_PATH_UNSAFE",
  "STORE_UNREADABLE",
  "STORE_UNWRITABLE",
]);

const isLockError = (error: StoreError): error is LockError => LOCK_ERRORS.has(error.code);

/** Awaits a read; the operating system's refusal becomes `STORE_UNREADABLE`. */
export async function reading<T>(path: string, operation: Promise<T>): Promise<T> {
  return operation.catch((thrown: unknown) => {
    throw unlessErrno(thrown, (errno) =>
      failure("STORE_UNREADABLE", `cannot read ${path}: ${messageOf(thrown)}`, { path, errno }),
    );
  });
}

/** Awaits a write; the operating system's refusal becomes `STORE_UNWRITABLE`. */
export async function writing<T>(path: string, operation: Promise<T>): Promise<T> {
  return operation.catch((thrown: unknown) => {
    throw unlessErrno(thrown, (errno) =>
      failure("STORE_UNWRITABLE", `cannot write ${path}: ${messageOf(thrown)}`, { path, errno }),
    );
  });
}

const PROBLEMS: Record<PathProblem, { what: string; fix: (path: string) => string }> = {
  symlink: { what: "is a symbolic link", fix: (path) => `replace the link ${path} by the real thing` },
  "foreign-owner": {
    what: "belongs to another user",
    fix: (path) => `chown ${path} to yourself, or move it away`,
  },
  "not-a-file": { what: "is not a regular file", fix: (path) => `move ${path} away` },
  "not-a-folder": { what: "is not a folder", fix: (path) => `move ${path} away` },
  "shared-folder": {
    what: "is a folder shared by all users",
    fix: () => "choose a folder of your own for the store",
  },
  "not-for-us-alone": {
    what: "is open to other users and holds other files, so it is not narrowed",
    fix: (path) =>
      `choose a folder of its own for the store, or run \`chmod 700 ${path}\` if nobody else needs it`,
  },
  "name-taken": { what: "exists already", fix: (path) => `remove ${path}` },
};

/** A path that must not be trusted with secrets. */
export function unsafe(path: string, problem: PathProblem): Fault {
  const { what, fix } = PROBLEMS[problem];
  return new Fault(failure("STORE_PATH_UNSAFE", `${path} ${what}`, { path, problem, fix: fix(path) }));
}

/** Whether something failed because a path is not to be trusted. */
export const isUnsafe = (thrown: unknown): thrown is Fault =>
  thrown instanceof Fault && thrown.failure.code === "STORE_PATH_UNSAFE";

/** The code of an operating system's error, such as `ENOENT`. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

function unlessErrno(thrown: unknown, toFailure: (errno: string) => StoreError): unknown {
  const errno = errnoOf(thrown);
  return thrown instanceof Fault || errno === undefined ? thrown : new Fault(toFailure(errno));
}
