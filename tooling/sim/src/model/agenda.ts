/** What happens when: a binary heap, first in first out at one instant. */
export interface Agenda {
  readonly now: number;
  add(at: number, run: () => void): void;
  /** Runs everything due before `end`, in order; what is run may add to it. */
  runUntil(end: number): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export function createAgenda(start: number): Agenda {
  const heap: Entry[] = [];
  let now = start;
  let added = 0;
  return {
    get now() {
      return now;
    },
    add(at, run) {
      push(heap, { at: Math.max(at, now), order: added++, run });
    },
    runUntil(end) {
      for (let next = heap[0]; next && next.at < end; next = heap[0]) {
        pop(heap);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || isBefore(parent, entry)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    let child = heap[below];
    if (!child) break;
    const right = heap[below + 1];
    if (right && isBefore(right, child)) {
      child = right;
      below += 1;
    }
    if (isBefore(last, child)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
