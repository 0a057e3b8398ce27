import type { AccountView } from "@open-multi-auth/domain";
import type { FailureView, LinkView } from "@open-multi-auth/loopback-api/client";
import { LinkButton } from "../../components/button.tsx";
import { Note } from "../../components/note.tsx";
import { Told } from "../../components/told.tsx";
import { duration, moment } from "../../format/time.ts";
import { openTab, type PoolActions, type SwitchChange } from "./actions.ts";
import { sourceText } from "./model/sources.ts";
import { isSignedOut, isUsable } from "./model/sign-in.ts";

interface RowNotesProps {
  readonly account: AccountView;
  readonly confidence: AccountView["limitsConfidence"];
  readonly change: SwitchChange | undefined;
  readonly problem: FailureView | undefined;
  /** Whether another account can serve now. */
  readonly othersAnswer: boolean;
  readonly link: LinkView | undefined;
  readonly showsReading: boolean;
  readonly now: number;
  readonly actions: PoolActions;
}

/** What there is to say about an account, as lines inside its row; never a modal. */
export function RowNotes(props: RowNotesProps) {
  const { account, change, problem, link, showsReading, actions } = props;
  const { alias } = account;
  return (
    <>
      {change?.kind === "error" && <SwitchNote alias={alias} change={change} actions={actions} />}
      {problem && <ProblemNote alias={alias} problem={problem} actions={actions} />}
      {link && <ReauthNote {...props} link={link} />}
      {link?.progress !== "in-progress" && <SignedOutNote {...props} />}
      {(showsReading || isReadingFailed(props)) && <ReadingNote {...props} />}
    </>
  );
}

function SwitchNote({
  alias,
  change,
  actions,
}: {
  readonly alias: string;
  readonly change: SwitchChange & { kind: "error" };
  readonly actions: PoolActions;
}) {
  const { to, error } = change;
  const id = `sw-${alias}`;
  const forget = (
    <LinkButton onClick={() => actions.forgetSwitch(alias)}>{to ? "Leave it off" : "Keep it on"}</LinkButton>
  );
  if (error.code === "LAST_ENABLED_ACCOUNT") {
    return (
      <Note
        kind="info"
        glyph="warn"
        id={id}
        actions={
          <>
            <LinkButton onClick={() => void actions.setEnabled(alias, false, true)}>
              Turn off anyway
            </LinkButton>
            {forget}
          </>
        }
      >
        <b>Still on.</b> {alias} is the last enabled account: without it no request is answered.
      </Note>
    );
  }
  return (
    <Note
      kind="problem"
      id={id}
      code={error.code}
      actions={
        <>
          <LinkButton onClick={() => void actions.setEnabled(alias, to)}>
            {to ? "Turn on again" : "Turn off again"}
          </LinkButton>
          {forget}
        </>
      }
    >
      <b>{to ? "Still off." : "Still on."}</b> {error.message}
    </Note>
  );
}

function ProblemNote({
  alias,
  problem,
  actions,
}: {
  readonly alias: string;
  readonly problem: FailureView;
  readonly actions: PoolActions;
}) {
  return (
    <Note
      kind="problem"
      code={problem.code}
      actions={
        <>
          {problem.code === "CODEX_LOGIN_UNLINKED" && (
            <LinkButton onClick={() => void actions.useInCodex(alias, true)}>Replace it anyway</LinkButton>
          )}
          <LinkButton onClick={() => actions.forgetProblem(alias)}>Dismiss</LinkButton>
        </>
      }
    >
      {problem.message}
    </Note>
  );
}

function ReauthNote({ account, link, now, actions }: RowNotesProps & { readonly link: LinkView }) {
  const { alias } = account;
  const { prompt } = link;
  if (link.phase === "failed" && link.error) {
    const isOther = link.error.code === "IDENTITY_MISMATCH";
    return (
      <Note
        kind="problem"
        code={link.error.code}
        actions={
          isOther && (
            <LinkButton onClick={() => void actions.reauth(alias, { allowOtherAccount: true })}>
              Sign in and take that account
            </LinkButton>
          )
        }
      >
        <b>Nothing changed.</b> <Told text={link.error.message} />
      </Note>
    );
  }
  if (link.progress !== "in-progress") return null;
  const left = duration(Date.parse(link.expiresAt) - now);
  return (
    <Note
      kind="info"
      actions={
        <>
          {prompt?.kind === "browser" && (
            <>
              <LinkButton onClick={() => openTab(prompt.url)}>Open again</LinkButton>
              <LinkButton onClick={() => void navigator.clipboard.writeText(prompt.url)}>
                Copy link
              </LinkButton>
              <LinkButton onClick={() => void actions.reauth(alias, { method: "device" })}>
                Use a code
              </LinkButton>
            </>
          )}
          <LinkButton onClick={() => void actions.cancelLink(link.id)}>Cancel</LinkButton>
        </>
      }
    >
      {prompt?.kind === "device" ? (
        <>
          Open{" "}
          <a href={prompt.verificationUrl} target="_blank" rel="noreferrer">
            {prompt.verificationUrl.replace("https://", "")}
          </a>{" "}
          as {alias} and enter <b class="mono">{prompt.userCode}</b>, {left} left.
        </>
      ) : (
        <>
          Finish signing in as {alias} in your browser.
          {prompt?.kind === "browser" && ` Waiting on port ${prompt.port}, ${left} left.`}
        </>
      )}
    </Note>
  );
}

function SignedOutNote({ account, othersAnswer, now, link }: RowNotesProps) {
  if (!isSignedOut(account) || link?.phase === "failed") return null;
  const { lastLimitProbeAt } = account;
  return (
    <Note kind="problem" code="REAUTH_NEEDED">
      OpenAI rejected the saved sign-in.{" "}
      {othersAnswer
        ? "Requests go to the other accounts meanwhile."
        : "No other account can answer meanwhile."}
      {lastLimitProbeAt !== undefined &&
        ` Last good reading ${duration(now - Date.parse(lastLimitProbeAt))} ago.`}
    </Note>
  );
}

/** A signed-out account has its own line; a second one about its reading would say nothing new. */
const isReadingFailed = ({ account, confidence }: RowNotesProps): boolean =>
  isUsable(account) && confidence === "error";

function ReadingNote({ account, confidence, now, actions }: RowNotesProps) {
  const { alias, limits, limitError, lastLimitErrorAt, enabled } = account;
  const isFailed = confidence === "error";
  return (
    <Note
      kind={isFailed ? "problem" : "info"}
      actions={
        enabled && <LinkButton onClick={() => void actions.refreshLimits(alias)}>Read again</LinkButton>
      }
    >
      {isFailed && lastLimitErrorAt !== undefined && (
        <>The last reading failed at {moment(Date.parse(lastLimitErrorAt), now)}: </>
      )}
      {limitError !== undefined && (isFailed ? `${limitError}. ` : `Last error: ${limitError}. `)}
      {limits === null
        ? "No reading yet."
        : `${confidence === "unknown" ? "Too old to count" : "Figures"} from ${moment(Date.parse(limits.at), now)}, by ${sourceText(limits.source)}.`}
    </Note>
  );
}
