import type { AccountView } from "@open-multi-auth/domain";
import { Glyph, type GlyphName } from "../../components/glyph.tsx";
import { duration } from "../../format/time.ts";

const LOOKS: Readonly<Record<AccountView["limitsConfidence"], readonly [glyph: GlyphName, word: string]>> = {
  fresh: ["fresh", "Fresh"],
  stale: ["stale", "Stale"],
  error: ["err", "Error"],
  unknown: ["unknown", "Unknown"],
};

interface ReadingProps {
  readonly account: AccountView;
  readonly confidence: AccountView["limitsConfidence"];
  readonly now: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** How far the figures can be trusted, by shape and word, with their age. A click tells where they come from. */
export function Reading({ account, confidence, now, isOpen, onToggle }: ReadingProps) {
  const [glyph, word] = LOOKS[confidence];
  const readAt = account.lastLimitProbeAt;
  const isReading = account.limitStatus === "running" || account.limitStatus === "queued";
  return (
    <button type="button" class={`conf ${confidence}`} aria-expanded={isOpen} onClick={onToggle}>
      {isReading ? <span class="spin" /> : <Glyph name={glyph} />}
      <span class="vh">Reading of {account.alias}: </span>
      <b>{word}</b>
      {readAt !== undefined && <span class="nw">{duration(now - Date.parse(readAt))}</span>}
    </button>
  );
}
