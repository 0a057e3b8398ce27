import type { StateView } from "@open-multi-auth/loopback-api/client";
import { Panel } from "../../components/panel.tsx";
import { useApp } from "../../app/context.ts";
import { Glyph } from "../../components/glyph.tsx";
import { Note } from "../../components/note.tsx";
import { duration, moment } from "../../format/time.ts";
import { useValue } from "../../state/signal.ts";

const OPENED = {
  opened: "It was whole when this server opened it.",
  created: "It was made when this server started.",
  restored: "It was damaged when this server opened it, and restored from its good copy.",
} as const;

/** The store: whether it can be read and written, and how it was found. */
export function StorePanel({ state }: { readonly state: StateView }) {
  const now = useValue(useApp().now);
  const { store, server } = state;
  const isFine = store.state === "ok";
  return (
    <Panel
      id="store"
      title="Store"
      sub={
        <>
          <Glyph name={isFine ? "pass" : "fail"} /> {isFine ? "Read and written" : "Failing"}
        </>
      }
      actions={
        <a class="btn" href="#/settings/backup">
          Export or import
        </a>
      }
    >
      {store.problem && (
        <Note kind="problem" code={store.problem.code}>
          {store.problem.message}, at {moment(Date.parse(store.problem.at), now)}. What was read last stays in
          use. {store.problem.fix !== undefined && `To mend it, ${store.problem.fix}.`}
        </Note>
      )}
      <dl class="kv">
        <dt>File</dt>
        <dd>
          <code>{store.path}</code>, {store.encrypted ? "encrypted" : "not encrypted"}
        </dd>
        <dt>Opened</dt>
        <dd>{OPENED[store.opened]}</dd>
        {store.quarantined.length > 0 && (
          <>
            <dt>Set aside</dt>
            <dd>
              {store.quarantined.map(({ alias, file }) => (
                <div key={file}>
                  <b>{alias}</b> broke its form and lies in <code>{file}</code>. Link it again.
                </div>
              ))}
            </dd>
          </>
        )}
        <dt>Server</dt>
        <dd>
          Version {server.version}, process {server.pid}, up for{" "}
          {duration(now - Date.parse(server.startedAt))}
        </dd>
      </dl>
    </Panel>
  );
}
