import type { LogEntry } from "@open-multi-auth/domain";
import { Panel } from "../../components/panel.tsx";
import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { LinkButton } from "../../components/button.tsx";
import { Glyph, type GlyphName } from "../../components/glyph.tsx";
import { Unread } from "../../components/unread.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { happened } from "../../format/time.ts";
import { logGroups, type LevelFilter, type LogGroup } from "./log-groups.ts";
import { useValue } from "../../state/signal.ts";

const LEVELS = [
  ["all", "All"],
  ["warning", "Warnings"],
  ["error", "Errors"],
] as const satisfies readonly (readonly [LevelFilter, string])[];

const LOOK: Readonly<Record<LogEntry["level"], { glyph: GlyphName; tone: string; word: string }>> = {
  info: { glyph: "def", tone: "t2", word: "info" },
  warning: { glyph: "warn", tone: "low-t", word: "warn" },
  error: { glyph: "err", tone: "crit-t", word: "error" },
};

const NEWEST = { query: { limit: 500 } } as const;
const PAGE = 40;

/** Requests, changes and incidents as lines, newest first: what `oma logs` prints. */
export function Log() {
  const log = useAnswer("GET /api/logs", NEWEST);
  const [filter, setFilter] = useState<LevelFilter>("all");
  const [most, setMost] = useState(PAGE);
  useFollowing(log.askAgain);
  const groups = logGroups(log.value?.entries ?? [], filter);
  return (
    <Panel
      id="log"
      title="Log"
      sub="Names, never tokens or prompts."
      actions={<Segmented label="Level" options={LEVELS} value={filter} onChange={setFilter} />}
    >
      <Unread what="The log" error={log.error} onAgain={log.askAgain} />
      {log.value && groups.length === 0 && <p class="since">{NOTHING[filter]}</p>}
      {groups.length > 0 && (
        <ol class="log">
          {groups.slice(0, most).map((group, index) => (
            <Line key={`${group.since}${index}`} group={group} />
          ))}
        </ol>
      )}
      {groups.length > most && (
        <p class="since older">
          <LinkButton onClick={() => setMost(most + 5 * PAGE)}>Show older</LinkButton>
        </p>
      )}
    </Panel>
  );
}

const NOTHING: Readonly<Record<LevelFilter, string>> = {
  all: "Nothing was noted yet.",
  warning: "No warning, no error.",
  error: "No error.",
};

/** Asks again shortly after something happened, and not for each of many things. */
function useFollowing(askAgain: () => void): void {
  const { onEvent } = useApp();
  useEffect(() => {
    let timer: number | undefined;
    const leave = onEvent(({ type }) => {
      if (type === "hello" || type === "probe") return;
      timer ??= window.setTimeout(() => {
        timer = undefined;
        askAgain();
      }, 1_000);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [onEvent, askAgain]);
}

function Line({ group: { entry, count, since } }: { readonly group: LogGroup }) {
  const now = useValue(useApp().now);
  const { glyph, tone, word } = LOOK[entry.level];
  return (
    <li>
      <time class="t2" dateTime={entry.at}>
        {happened(Date.parse(entry.at), now)}
      </time>
      <span class={`lv ${tone}`}>
        <Glyph name={glyph} />
        {word}
      </span>
      <span class="t2 sr">{entry.source}</span>
      <span class="ms">
        {entry.message}
        {count > 1 && <span class="t2">{` (${count} times since ${happened(Date.parse(since), now)})`}</span>}
      </span>
    </li>
  );
}
