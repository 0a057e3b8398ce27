import type { SettingName } from "@open-multi-auth/domain";
import type { ComponentChildren } from "preact";
import type { SettingsForm } from "./form.ts";
import { Origin } from "./Origin.tsx";

/** The groups of the page, by the end of their address: `#/settings/weights`. */
export const GROUPS = [
  ["strategy", "Strategy"],
  ["thresholds", "Thresholds"],
  ["weights", "Weights"],
  ["conversations", "Conversations"],
  ["readings", "Readings"],
  ["notifications", "Notifications"],
  ["flags", "Flags"],
  ["backup", "Backup"],
] as const;
export type GroupName = (typeof GROUPS)[number][0];

interface GroupProps {
  readonly name: GroupName;
  readonly title: string;
  readonly hint?: string;
  /** Where the whole group is one setting: it has one origin. */
  readonly origin?: { readonly form: SettingsForm; readonly setting: SettingName };
  readonly children: ComponentChildren;
}

/** Settings that belong together. */
export function Group({ name, title, hint, origin, children }: GroupProps) {
  return (
    <section class="grp" id={`s-${name}`} aria-labelledby={`h-${name}`}>
      <header>
        <h2 id={`h-${name}`} tabIndex={-1}>
          {title}
        </h2>
        {hint !== undefined && <p>{hint}</p>}
        {origin && <Origin origin={origin.form.originOf(origin.setting)} />}
      </header>
      {children}
    </section>
  );
}
