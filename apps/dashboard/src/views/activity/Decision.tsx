import { useState } from "preact/hooks";
import type { DecisionView } from "@open-multi-auth/loopback-api/client";
import { useApp } from "../../app/context.ts";
import { Glyph } from "../../components/glyph.tsx";
import { Icon } from "../../components/icon.tsx";
import { happened } from "../../format/time.ts";
import { DecisionBody } from "./DecisionBody.tsx";
import { milliseconds, outcomeOf } from "./decision-row.ts";
import { useValue } from "../../state/signal.ts";

/** One request in a row; open, it tells why its account was taken. */
export function Decision({ decision }: { readonly decision: DecisionView }) {
  const [isOpen, setOpen] = useState(false);
  const { explanation, selectedAlias, firstByteMs } = decision;
  const outcome = outcomeOf(decision);
  return (
    <details class="dec" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Time at={Date.parse(decision.at)} />
        <span class="rt">
          {explanation.movedFrom !== undefined && (
            <>
              <s>{explanation.movedFrom}</s>
              <Icon name="arrow" />
              <span class="vh">moved to</span>
            </>
          )}
          <span class="al">{selectedAlias ?? "none"}</span>
        </span>
        <span class="why">{explanation.brief}</span>
        <span class="ms">{milliseconds(firstByteMs)}</span>
        <span class={`out ${outcome.tone}`}>
          <Glyph name={outcome.glyph} />
          {outcome.word}
        </span>
        <Icon name="chevron" class="chev" />
      </summary>
      {isOpen && <DecisionBody decision={decision} />}
    </details>
  );
}

function Time({ at }: { readonly at: number }) {
  // Drawn anew at midnight, not each second: there may be a thousand of them.
  const text = useValue(useApp().now, (now) => happened(at, now));
  return (
    <time class="tm" dateTime={new Date(at).toISOString()}>
      {text}
    </time>
  );
}
