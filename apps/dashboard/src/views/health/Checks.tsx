import type { DoctorReport } from "@open-multi-auth/loopback-api/client";
import { Panel } from "../../components/panel.tsx";
import type { Asked } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy.tsx";
import { Fold } from "../../components/fold.tsx";
import { Glyph } from "../../components/glyph.tsx";
import { Note } from "../../components/note.tsx";
import { moment } from "../../format/time.ts";
import {
  aliasOf,
  byUrgency,
  CHECK_STATES,
  countsText,
  issueText,
  sentence,
  titled,
  type Check,
} from "./checks.ts";
import { useValue } from "../../state/signal.ts";

interface ChecksProps {
  readonly doctor: Asked<DoctorReport>;
  readonly version: string;
}

/** Of what passes so much is shown at once: with many accounts there is a lot of it. */
const MOST_PASSING = 14;

/** What `oma doctor` finds, what needs the person first. */
export function Checks({ doctor, version }: ChecksProps) {
  const now = useValue(useApp().now);
  const report = doctor.value;
  const checks = byUrgency(report?.checks ?? []);
  const problems = checks.filter(({ status }) => status !== "ok").length;
  return (
    <Panel
      id="checks"
      title="Checks"
      class="chk"
      sub={report && `${countsText(report.checks)}. Ran ${moment(Date.parse(report.ranAt), now)}.`}
      actions={
        <>
          <Button icon="refresh" busy={doctor.isAsking} onClick={doctor.askAgain}>
            Run again
          </Button>
          {report && <CopyButton word="Copy for an issue" text={() => issueText(report, version)} />}
        </>
      }
    >
      {doctor.error && (
        <Note kind="problem" code={doctor.error.code}>
          The checks could not run. {doctor.error.message}
        </Note>
      )}
      {report && (
        <Fold items={checks} most={problems + MOST_PASSING} word="more pass">
          {(shown) => (
            <ol>
              {shown.map((check, index) => (
                <CheckRow key={`${check.name}${index}`} check={check} />
              ))}
            </ol>
          )}
        </Fold>
      )}
    </Panel>
  );
}

function CheckRow({ check }: { readonly check: Check }) {
  const { glyph, word } = CHECK_STATES[check.status];
  const alias = aliasOf(check);
  return (
    <li>
      <span class="s">
        <Glyph name={glyph} />
        {word}
      </span>
      <span class="n">{titled(check.name)}</span>
      <p>
        <Words text={sentence(check.message)} />
        {check.fix !== undefined && (
          <>
            {" "}
            <span class="fix">
              To mend it, <Words text={check.fix} />.
            </span>
          </>
        )}
      </p>
      {check.status !== "ok" && alias !== undefined && (
        <a class="btn" href="#/pool">
          Show {alias}
        </a>
      )}
    </li>
  );
}

/** Commands stand in backticks. */
function Words({ text }: { readonly text: string }) {
  return (
    <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
  );
}
