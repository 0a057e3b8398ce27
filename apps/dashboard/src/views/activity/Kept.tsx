import type { Counters } from "@open-multi-auth/loopback-api/client";
import { Panel } from "../../components/panel.tsx";
import { Table } from "../../components/table.tsx";
import { headlineOf, keptRows } from "./digest.ts";

const REACHED = "Reached you";

/** What would have interrupted the person, by cause, and what did. */
export function Kept({ counters }: { readonly counters: Counters }) {
  const { kept, reached } = headlineOf(counters);
  return (
    <Panel id="kept" title="Kept from you" class="side" sub={`${kept} in 7 days`}>
      <div class="p-body">
        <Table
          caption="Interruptions by cause"
          rows={[...keptRows(counters), { cause: REACHED, count: reached }]}
          rowKey={({ cause }) => cause}
          rowClass={({ cause }) => (cause === REACHED ? "chosen" : undefined)}
          columns={[{ cell: ({ cause }) => cause }, { class: "num", cell: ({ count }) => count }]}
        />
      </div>
    </Panel>
  );
}
