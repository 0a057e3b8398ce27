import { encoded } from "./encoded.ts";
import type { StateView } from "../schemas/state.ts";

/** The state as it was last looked at, written out once for all who want it. */
export interface NewestState {
  /** Looks anew. @returns whether anything but the time is different */
  refresh(): boolean;
  /** How often it was different so far. */
  version(): number;
  /** As an event on the wire. */
  event(): Uint8Array;
  answer(): { readonly body: string; readonly etag: string };
}

/** @param run names this run of the server, so that tags of different runs differ */
export function createNewestState(view: () => StateView, run: string): NewestState {
  let version = 0;
  let timeless = "";
  let json = "";
  let event: Uint8Array | undefined;
  return {
    refresh() {
      const { now, ...rest } = view();
      const text = JSON.stringify(rest);
      event = undefined;
      json = `{"now":${JSON.stringify(now)},${text.slice(1)}`;
      if (text === timeless) return false;
      timeless = text;
      version += 1;
      return true;
    },
    version: () => version,
    event: () => (event ??= encoded("state", json)),
    answer: () => ({ body: json, etag: `W/"${run}-${version}"` }),
  };
}
