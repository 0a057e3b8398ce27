// Every call that the store makes to the file system, on its way: told of, refused, cut short, or the last one of all.
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** One call: what it does, to which of the store's files, for example `rename` and `store temp`. */
export interface Step {
  readonly name: string;
  readonly file: string;
  /** What a `writeFile` is given. */
  readonly data: string | undefined;
}

/** Stands around each call; what it returns or throws is what the store sees. */
export type Around = (step: Step, run: (data?: string) => Promise<unknown>) => Promise<unknown>;

type Call = (...args: unknown[]) => Promise<unknown>;

const CALLS = [
  "open",
  "lstat",
  "stat",
  "link",
  "unlink",
  "rename",
  "readFile",
  "readdir",
  "mkdir",
  "chmod",
] as const;
const HANDLE_CALLS = ["writeFile", "readFile", "write", "read", "sync", "stat", "chmod", "utimes"] as const;

/**
 * Puts `around` around all calls below `folder`. They are taken where they leave the store, at `node:fs/promises`,
 * so none of them can be forgotten.
 *
 * @returns what takes it away again
 */
export async function intercept(folder: string, around: Around): Promise<() => void> {
  const paths = new WeakMap<object, string>();
  const handles: Record<string, Call> = Object.getPrototypeOf(await anyHandle());
  // The module is also a table of its functions.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const functions = fs as unknown as Record<string, Call>;
  const undo = [
    ...CALLS.map((name) => replace(functions, name, (call) => takenAt(name, call, around, folder, paths))),
    ...HANDLE_CALLS.map((name) => replace(handles, name, (call) => takenFrom(name, call, around, paths))),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  };
}

function takenAt(
  name: string,
  call: Call,
  around: Around,
  folder: string,
  paths: WeakMap<object, string>,
): Call {
  return async (...args) => {
    const path = String(args[0]);
    if (!path.startsWith(folder)) return call(...args);
    const result = await around({ name, file: kindOf(path), data: undefined }, () => call(...args));
    if (name === "open") {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const handle = result as Record<string, Call>;
      paths.set(handle, path);
      // The one method that stands on the handle itself.
      replace(handle, "close", (close) => takenFrom("close", close, around, paths));
    }
    return result;
  };
}

function takenFrom(name: string, call: Call, around: Around, paths: WeakMap<object, string>): Call {
  return async function taken(this: object, ...args: unknown[]) {
    const path = paths.get(this);
    if (path === undefined) return call.apply(this, args);
    const data = name === "writeFile" ? String(args[0]) : undefined;
    const run = (shorter?: string) => call.apply(this, shorter === undefined ? args : [shorter]);
    return around({ name, file: kindOf(path), data }, run);
  };
}

/** The role of a path: names hold tokens that differ from write to write. */
function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [, role, suffix] = /^store\.json(\.lkg|\.lock)?(\.tmp-|\.break\.)?/.exec(name) ?? [];
  if (!name.startsWith("store.json")) return "folder";
  const what = role === ".lkg" ? "snapshot" : role === ".lock" ? "lock" : "store";
  return suffix === undefined ? what : `${what} ${suffix === ".tmp-" ? "temp" : "breaker"}`;
}

function replace(target: Record<string, Call>, name: string, make: (call: Call) => Call): () => void {
  const call = target[name];
  if (call === undefined) throw new Error(`the file system has no ${name}`);
  target[name] = make(call);
  return () => {
    target[name] = call;
  };
}

async function anyHandle(): Promise<object> {
  const handle = await fs.open("/dev/null");
  await handle.close();
  return handle;
}
