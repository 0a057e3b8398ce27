import type { Readable } from "node:stream";

import { addressIn, connectDebugger } from "./cdp.ts";

/** What a Node process holds on to, asked for through its inspector. */
export interface Heap {
  /** Objects and buffers that are still reachable after a garbage collection, in kB. */
  heldKb(): Promise<number>;
  close(): void;
}

/** Waits for the inspector of a process that was started with `--inspect=127.0.0.1:0`, and connects to it. */
export async function openHeap(stderr: Readable): Promise<Heap> {
  const inspector = await connectDebugger(await addressIn(stderr, isRemark));
  return {
    async heldKb() {
      await inspector.ask("HeapProfiler.collectGarbage");
      const { usedSize, backingStorageSize } = await inspector.ask<Usage>("Runtime.getHeapUsage");
      return (usedSize + backingStorageSize) / 1_000;
    },
    close: () => inspector.close(),
  };
}

interface Usage {
  readonly usedSize: number;
  /** Of buffers, which lie outside of the heap. */
  readonly backingStorageSize: number;
}

/** What Node says of its inspector; anything else is the program's own. */
const isRemark = (line: string): boolean => /^(For help, see: |Debugger (attached|ending))/.test(line);
