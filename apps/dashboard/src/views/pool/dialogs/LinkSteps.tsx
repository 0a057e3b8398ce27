import type { LinkView, StateView } from "@open-multi-auth/loopback-api/client";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../../app/context.ts";
import { Button, LinkButton } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { Glyph } from "../../../components/glyph.tsx";
import { percent, planName } from "../../../format/percent.ts";
import { duration, moment } from "../../../format/time.ts";
import { openTab, poolActions } from "../actions.ts";
import { Qr } from "./Qr.tsx";
import { useValue } from "../../../state/signal.ts";

interface LinkWaitingProps {
  readonly link: LinkView;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Until the person has signed in. */
export function LinkWaiting({ link, onBack, onClose }: LinkWaitingProps) {
  const { prompt, alias } = link;
  const now = useValue(useApp().now);
  const left = duration(Date.parse(link.expiresAt) - now);
  return (
    <Dialog
      title={prompt?.kind === "device" ? "Sign in with a code" : `Sign in to link ${alias ?? "an account"}`}
      onClose={onClose}
      back={
        <Button kind="quiet" onClick={onBack}>
          Back
        </Button>
      }
    >
      {prompt?.kind === "device" && <DeviceSteps {...prompt} />}
      {prompt?.kind === "browser" && (
        <p>
          Finish in the tab that opened. Use the account you want to link: if OpenAI shows another one, sign
          out there first.
        </p>
      )}
      <div class="wait" role="status">
        <span class="spin" />
        <span>{waitText(link)}</span>
        <span class="r" aria-hidden="true">
          {left} left
        </span>
      </div>
      {prompt?.kind === "browser" && <BrowserHelp linkId={link.id} url={prompt.url} />}
    </Dialog>
  );
}

function waitText({ phase, prompt }: LinkView): string {
  if (phase === "finishing" || prompt === undefined) return "Signed in, saving";
  return prompt.kind === "device"
    ? `Checking every ${duration(prompt.intervalMs)}`
    : `Waiting on port ${prompt.port}`;
}

function DeviceSteps({
  verificationUrl,
  userCode,
  qr,
}: NonNullable<LinkView["prompt"]> & { readonly kind: "device" }) {
  return (
    <div class="code">
      <ol class="ol">
        <li>
          <span class="k">1</span>
          <span>
            Open{" "}
            <a href={verificationUrl} target="_blank" rel="noreferrer">
              {verificationUrl.replace(/^https?:\/\//, "")}
            </a>{" "}
            on any device
          </span>
        </li>
        <li>
          <span class="k">2</span>
          <span>
            Enter this code
            <span class="uc">{userCode}</span>
            <CopyButton word="Copy code" text={() => userCode} />
          </span>
        </li>
      </ol>
      <Qr text={verificationUrl} rows={qr} />
    </div>
  );
}

/** For a tab that did not open, and for a browser on another machine, which cannot come back to this one. */
function BrowserHelp({ linkId, url }: { readonly linkId: string; readonly url: string }) {
  const { call, replaceLink } = useApp();
  const [isRemote, setRemote] = useState(false);
  const [address, setAddress] = useState("");
  const [error, setError] = useState<string>();
  const paste = async (value: string): Promise<void> => {
    setAddress(value);
    setError(undefined);
    if (!value.includes("code=")) return;
    const result = await call("POST /api/links/:id/callback", {
      params: { id: linkId },
      body: { address: value.trim() },
    });
    if (result.ok) replaceLink(result.value);
    else setError(result.error.message);
  };
  return (
    <>
      <p class="hint">
        No tab? <LinkButton onClick={() => openTab(url)}>Open it again</LinkButton> or{" "}
        <LinkButton onClick={() => void navigator.clipboard.writeText(url)}>copy the link</LinkButton>. Does
        the sign-in end at a page that cannot be reached?{" "}
        <LinkButton onClick={() => setRemote(!isRemote)}>Paste its address here</LinkButton>.
      </p>
      {isRemote && (
        <Field
          label="Address of the page"
          placeholder="http://localhost:1455/auth/callback?code=…"
          value={address}
          error={error}
          onValue={(value) => void paste(value)}
        />
      )}
    </>
  );
}

interface LinkedProps {
  readonly link: LinkView;
  readonly state: StateView;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}

const OUTCOMES = {
  added: "is linked",
  updated: "was linked already, its sign-in is renewed",
  kept: "was linked already",
  reauthorized: "is signed in again",
} as const;

/** It worked: who it is, and what is left on it. */
export function Linked({ link, state, onAnother, onClose }: LinkedProps) {
  const app = useApp();
  const now = useValue(app.now);
  const { alias = "", email, planType, outcome = "added" } = link.result ?? {};
  const account = state.accounts.find((one) => one.alias === alias);
  // What is left of it is what the person wants to see next.
  const isOff = account?.enabled === false;
  useEffect(() => {
    if (!isOff) void poolActions(app).refreshLimits(alias);
  }, [app, alias, isOff]);
  const windows = (["fiveHour", "weekly"] as const).flatMap((slot) => {
    const window = account?.limits?.[slot];
    return window ? [`${slot === "weekly" ? "weekly" : "5-hour"} ${percent(window.remaining)}`] : [];
  });
  const resetAt = account?.limits?.weekly?.resetAt;
  return (
    <Dialog
      title={`${alias} ${OUTCOMES[outcome]}`}
      onClose={onClose}
      onSubmit={onClose}
      cancel="Link another"
      onCancel={onAnother}
      submit="Done"
    >
      <div class="wait" role="status">
        <Glyph name="pass" />
        <span>
          {planType !== undefined && (
            <>
              <b>{planName(planType)}</b>,{" "}
            </>
          )}
          <span class="em">
            <span>{email ?? "no e-mail address"}</span>
          </span>
        </span>
      </div>
      <p>
        {isOff ? "It is off, and takes no request until it is turned on." : "It takes requests from now on."}{" "}
        {windows.length > 0
          ? `First reading: ${windows.join(", ")}${resetAt ? `, resets ${moment(Date.parse(resetAt), now)}` : ""}.`
          : !isOff && "Its limits are being read."}
      </p>
    </Dialog>
  );
}
