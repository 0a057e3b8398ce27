import type { SettingOrigin } from "@open-multi-auth/domain";
import { Glyph, type GlyphName } from "../../components/glyph.tsx";

const ORIGINS: Readonly<
  Record<SettingOrigin, { glyph: GlyphName; name: string; word: string; about: string }>
> = {
  default: { glyph: "def", name: "o-def", word: "default", about: "" },
  persisted: { glyph: "saved", name: "o-saved", word: "saved", about: "here or by oma" },
  runtime: { glyph: "opt", name: "o-opt", word: "option", about: "of this run" },
  environment: { glyph: "env", name: "o-env", word: "environment", about: "read-only" },
};

/** Where an effective value came from: its shape and its word. */
export function Origin({ origin }: { readonly origin: SettingOrigin }) {
  const { glyph, name, word } = ORIGINS[origin];
  return (
    <span class={`orig ${name}`}>
      <Glyph name={glyph} />
      {word}
    </span>
  );
}

/** What the shapes mean. */
export function OriginKey() {
  return (
    <div class="org">
      <p class="org-h">Where a value comes from</p>
      <ul>
        {(["default", "persisted", "runtime", "environment"] as const).map((origin) => (
          <li key={origin}>
            <Origin origin={origin} /> <span>{ORIGINS[origin].about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
