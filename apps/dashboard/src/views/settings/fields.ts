import {
  MODEL_NAME,
  PROBE_INTERVAL_MS,
  PROBE_MODELS,
  SETTINGS_DEFAULTS,
  TRANSIENT_ATTEMPTS,
  type SettingName,
  type Settings,
} from "@open-multi-auth/domain";
import { numberOf, percentProblem, weightProblem, type Read } from "../../format/figure.ts";

/** One value of the form: where it stands in the settings, and how it is read and written as text. */
export interface Field {
  /** The path, as the API names it: `accountWeights.work`. An alias may have dots of its own. */
  readonly key: string;
  readonly setting: SettingName;
  /** The part of the setting, where it has some. */
  readonly part?: string;
  text(settings: Settings): string;
  read(text: string): Read;
}

/** Every field of the form, in the order of the page. */
export function fieldsFor(aliases: readonly string[]): Field[] {
  return [
    choice("rotationStrategy", (text) => ({ value: text })),
    number("criticalThreshold", percentProblem),
    number("lowThreshold", percentProblem),
    ...aliases.flatMap((alias) => [
      perAlias("accountWeights", alias, 1, weightProblem),
      perAlias("reservePercent", alias, 0, percentProblem),
    ]),
    choice("sessionAffinity", (text) => ({ value: text })),
    number("maxTransientAttempts", attempts),
    number("probeIntervalMs", interval),
    {
      key: "probeModels",
      setting: "probeModels",
      text: ({ probeModels }) => probeModels.join(", "),
      read: models,
    },
    ...(["toast", "desktop"] as const).map((part): Field => ({
      key: `notifications.${part}`,
      setting: "notifications",
      part,
      text: ({ notifications }) => (notifications[part] ? "on" : "off"),
      read: (text) => ({ value: text === "on" }),
    })),
    {
      key: "notifications.ntfyUrl",
      setting: "notifications",
      part: "ntfyUrl",
      text: ({ notifications }) => notifications.ntfyUrl ?? "",
      read: topic,
    },
    {
      key: "featureFlags.antigravityEnabled",
      setting: "featureFlags",
      part: "antigravityEnabled",
      text: ({ featureFlags }) => (featureFlags.antigravityEnabled ? "on" : "off"),
      read: (text) => ({ value: text === "on" }),
    },
  ];
}

/** What the field holds where nobody chose. */
export const defaultText = (field: Field): string => field.text(SETTINGS_DEFAULTS);

function choice(setting: "rotationStrategy" | "sessionAffinity", read: (text: string) => Read): Field {
  return { key: setting, setting, text: (settings) => settings[setting], read };
}

type NumberName = "criticalThreshold" | "lowThreshold" | "maxTransientAttempts" | "probeIntervalMs";

function number(setting: NumberName, check: (value: number) => string | undefined): Field {
  return {
    key: setting,
    setting,
    text: (settings) => String(settings[setting]),
    read: (text) => numberOf(text, check),
  };
}

function perAlias(
  setting: "accountWeights" | "reservePercent",
  alias: string,
  usual: number,
  check: (value: number) => string | undefined,
): Field {
  return {
    key: `${setting}.${alias}`,
    setting,
    part: alias,
    text: (settings) => String(own(settings[setting], alias) ?? usual),
    read: (text) => numberOf(text, check),
  };
}

const attempts = (value: number): string | undefined =>
  Number.isInteger(value) && value >= TRANSIENT_ATTEMPTS.min && value <= TRANSIENT_ATTEMPTS.max
    ? undefined
    : `A whole number from ${TRANSIENT_ATTEMPTS.min} to ${TRANSIENT_ATTEMPTS.max}`;

const interval = (value: number): string | undefined =>
  Number.isInteger(value) && value >= PROBE_INTERVAL_MS.min && value <= PROBE_INTERVAL_MS.max
    ? undefined
    : "From a minute to a day";

function models(text: string): Read {
  const names = text.split(",").map((name) => name.trim());
  const odd = names.find((name) => !MODEL_NAME.test(name));
  if (odd !== undefined)
    return { problem: odd === "" ? "At least one name, no empty one" : `${odd} is no name of a model` };
  return names.length > PROBE_MODELS.max ? { problem: `At most ${PROBE_MODELS.max}` } : { value: names };
}

/** What the server takes, roughly: it says itself what else must hold. */
function topic(text: string): Read {
  const url = text.trim();
  if (url === "") return { value: null };
  return /^https?:\/\/[^\s?#@]+$/i.test(url) ? { value: url } : { problem: "An https address, or empty" };
}

/** An alias may be called like a property that every object inherits. */
const own = (values: Readonly<Record<string, number>>, alias: string): number | undefined =>
  Object.hasOwn(values, alias) ? values[alias] : undefined;
