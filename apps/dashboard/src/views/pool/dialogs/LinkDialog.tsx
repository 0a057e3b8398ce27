import type { FailureView, LinkView, StateView } from "@open-multi-auth/loopback-api/client";
import { useRef, useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { begin, poolActions } from "../actions.ts";
import { LinkForm } from "./LinkForm.tsx";
import { Linked, LinkWaiting } from "./LinkSteps.tsx";

interface LinkDialogProps {
  readonly method: "browser" | "device";
  readonly state: StateView;
  readonly onClose: () => void;
}

/** Links an account: what to call it and how, then waiting, then what became of it. */
export function LinkDialog({ method, state, onClose }: LinkDialogProps) {
  const app = useApp();
  const [wish, setWish] = useState({ alias: "", method });
  // One that waits since before a reload goes on here: nobody else could give it up.
  const [linkId, setLinkId] = useState(
    () => state.links.find((one) => one.purpose === "link" && one.method === method && isOpen(one))?.id,
  );
  const [error, setError] = useState<FailureView>();
  const [isBusy, setBusy] = useState(false);
  const isLeft = useRef(false);
  const link = state.links.find(({ id }) => id === linkId);

  const start = async (how = wish): Promise<void> => {
    setWish(how);
    setBusy(true);
    setError(undefined);
    const alias = how.alias.trim();
    const result = await app.call("POST /api/accounts", {
      body: { method: how.method, ...(alias !== "" && { alias }) },
    });
    setBusy(false);
    if (result.ok && isLeft.current) void poolActions(app).cancelLink(result.value.linkId);
    else if (result.ok) setLinkId(begin(app, result.value).id);
    else setError(result.error);
  };
  const giveUp = (): void => {
    if (link && isOpen(link)) void poolActions(app).cancelLink(link.id);
  };
  const back = (): void => {
    giveUp();
    setLinkId(undefined);
  };
  const close = (): void => {
    isLeft.current = true;
    giveUp();
    onClose();
  };

  if (link && isOpen(link)) return <LinkWaiting link={link} onBack={back} onClose={close} />;
  if (link?.phase === "done") return <Linked link={link} state={state} onAnother={back} onClose={onClose} />;
  return (
    <LinkForm
      wish={wish}
      taken={state.accounts.map(({ alias }) => alias)}
      error={link?.error ?? error}
      isBusy={isBusy}
      onStart={(how) => void start(how)}
      onClose={close}
    />
  );
}

const isOpen = ({ phase }: LinkView): boolean => phase === "waiting" || phase === "finishing";
