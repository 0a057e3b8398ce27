import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished, vi } from "vitest";

/** A watcher whose events come when the test says so. */
class FakeWatcher extends EventEmitter {
  isOpen = true;
  readonly path: string;
  readonly keepsAlive: boolean;

  constructor(path: string, options: Readonly<{ persistent?: boolean }>, listener: () => void) {
    super();
    this.path = path;
    this.keepsAlive = options.persistent !== false;
    this.on("change", listener);
  }

  close(): void {
    this.isOpen = false;
  }
}

/** What stands in for the system's watching. */
export interface FakeWatch {
  /** The paths that are watched now. */
  watched(): string[];
  /** Whether any of that keeps the process alive. */
  keepsAlive(): boolean;
  /** Something happens there. */
  emit(event: "change" | "error"): void;
  /** From now on nothing can be watched, for this reason; `undefined`: everything can. */
  refuse(code: string | undefined): void;
}

/** Until the test ends, watchers and timers do what it says. */
export function fakeWatch(): FakeWatch {
  const watchers: FakeWatcher[] = [];
  let refused: string | undefined;
  const { watch } = fs;
  const fake = (path: string, options: object, listener: () => void): FakeWatcher => {
    if (refused !== undefined) throw Object.assign(new Error(refused), { code: refused });
    const watcher = new FakeWatcher(path, options, listener);
    watchers.push(watcher);
    return watcher;
  };
  Object.assign(fs, { watch: fake });
  syncBuiltinESMExports();
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
    Object.assign(fs, { watch });
    syncBuiltinESMExports();
  });
  const open = () => watchers.filter(({ isOpen }) => isOpen);
  return {
    watched: () => open().map(({ path }) => path),
    keepsAlive: () => open().some(({ keepsAlive }) => keepsAlive),
    emit: (event) => open().forEach((watcher) => watcher.emit(event, new Error("of the test"))),
    refuse: (code) => void (refused = code),
  };
}
