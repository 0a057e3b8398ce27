import { PRESETS, SETTING_NAMES, type Failure, type SettingsView } from "@open-multi-auth/domain";
import { poolControl, type Pool, type PoolControl } from "@open-multi-auth/runtime-node";
import { err, errAsync, ok, type Result, type ResultAsync } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { changesText, notesOn } from "../present/setting-changes.ts";
import { settingRows, settingsText } from "../present/settings.ts";
import { defaultsFor, patchOf, type Patch } from "../settings/patch.ts";
import { unknownSetting, withSuggestion } from "../settings/suggestion.ts";
import { usage } from "../usage.ts";

/** `oma settings [get|set|reset|preset]` */
export const settingsCommand: Command = {
  arguments: [
    { name: "action", required: false, choices: ["get", "set", "reset", "preset"] },
    { name: "name[=value]", required: false, many: true },
  ],
  options: { json: { about: "print the settings as JSON" } },
  examples: [
    "settings",
    "settings get criticalThreshold",
    "settings set criticalThreshold=5 lowThreshold=15",
    "settings set rotationStrategy=weighted-round-robin accountWeights.work=0.5",
    "settings reset accountWeights.work",
    "settings reset",
    "settings preset conservative",
  ],
  run: (input, context) =>
    withPool(context, (pool) => {
      const control = poolControl(pool, actorOf(context));
      const [action = "get", ...words] = input.words;
      const before = control.settings();
      if (action === "get") return show(before, words, { pool, input }, context);
      const { names, done } = change(control, action, words);
      return done
        .map((after): ExitCode => {
          const { out, err: notes } = context;
          out.print(input.flags.has("json") ? JSON.stringify(after, null, 2) : changesText(before, after));
          for (const note of notesOn(names, after, control.force())) notes.print(note);
          return 0;
        })
        .mapErr((failure) => withSuggestion(failure, [...namesIn(before, pool), ...Object.keys(PRESETS)]));
    }),
};

function show(
  view: SettingsView,
  [name, ...more]: readonly string[],
  { pool, input: { flags } }: { readonly pool: Pool; readonly input: Input },
  { out }: Context,
): Result<ExitCode, Failure> {
  if (more.length > 0) return err(usage("settings", "`get` takes one name"));
  const rows = settingRows(view).filter((row) => name === undefined || isUnder(row.name, name));
  const [row] = rows;
  if (row === undefined) return err(withSuggestion(unknownSetting(name ?? ""), namesIn(view, pool)));
  if (flags.has("json")) out.print(JSON.stringify(name === undefined ? view : rows, null, 2));
  // A single value alone, so that scripts can use it.
  else if (row.name === name && row.value !== null) out.print(String(row.value));
  else out.print(settingsText(view, rows, out.colours));
  return ok(0);
}

interface Change {
  /** The names of the settings that it is about. */
  readonly names: readonly string[];
  readonly done: ResultAsync<SettingsView, Failure>;
}

function change(control: PoolControl, action: string, words: readonly string[]): Change {
  const byPatch = (patch: Patch): Change => ({
    names: Object.keys(patch),
    done: control.changeSettings(patch),
  });
  if (action === "set") return patchOf(words).match(byPatch, refused);
  if (action === "reset") {
    return words.length > 0
      ? byPatch(defaultsFor(words))
      : { names: SETTING_NAMES, done: control.resetSettings() };
  }
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) {
    return refused(usage("settings", `\`preset\` takes one of ${Object.keys(PRESETS).join(", ")}`));
  }
  return { names: ["criticalThreshold", "lowThreshold", "accountWeights"], done: control.applyPreset(name) };
}

const refused = (failure: Failure): Change => ({ names: [], done: errAsync(failure) });

const isUnder = (name: string, wanted: string): boolean => name === wanted || name.startsWith(`${wanted}.`);

/** Every name that can be given, those of parts that nobody has set yet among them. */
const namesIn = (view: SettingsView, pool: Pool): string[] => [
  ...SETTING_NAMES,
  ...settingRows(view).map(({ name }) => name),
  ...pool.views().flatMap(({ alias }) => [`accountWeights.${alias}`, `reservePercent.${alias}`]),
];
