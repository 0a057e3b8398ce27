import { useApp } from "../app/context.ts";
import { IconButton, LinkButton } from "./button.tsx";
import { Glyph } from "./glyph.tsx";
import { useValue } from "../state/signal.ts";

/** What happened, below right. Successes leave by themselves, errors stay. */
export function Toasts() {
  const { toasts } = useApp();
  return (
    <div class="toasts">
      {useValue(toasts.list).map((toast) => (
        <div key={toast.id} class="toast" role={toast.kind === "done" ? "status" : "alert"}>
          <Glyph name={toast.kind === "done" ? "pass" : "err"} />
          <div>
            <b>{toast.title}</b>
            {toast.text !== undefined && <p>{toast.text}</p>}
            {toast.code !== undefined && <code class="crit-t">{toast.code}</code>}
            {toast.action && (
              <div class="acts">
                <LinkButton
                  onClick={() => {
                    toasts.dismiss(toast.id);
                    toast.action?.run();
                  }}
                >
                  {toast.action.label}
                </LinkButton>
              </div>
            )}
          </div>
          <IconButton icon="close" label="Dismiss" onClick={() => toasts.dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
