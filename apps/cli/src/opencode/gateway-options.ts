import { messageOf } from "@open-multi-auth/domain";
import { parse, type JsonObject } from "jsonc-morph";
import { err, ok, type Result } from "neverthrow";

/** What OpenCode's provider is told of the gateway. */
export interface GatewayOptions {
  readonly baseURL: string;
  readonly apiKey: string;
}

const EMPTY = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n';
const OUR_ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/v1$/;
const OUR_KEY = /^oma_[A-Za-z0-9_-]+$/;
/** Where the options hang, from the outermost object on. */
const PATH = ["provider", "openai", "options"] as const;

/**
 * Has OpenCode's `openai` provider ask the gateway, leaving every other byte of a configuration as it is. Options of the
 * person's own are never replaced.
 *
 * @param text null where there is no file
 * @returns the text, or why it stays as it is
 */
export function withGatewayOptions(text: string | null, wanted: GatewayOptions): Result<string, string> {
  return read(text ?? EMPTY).andThen(({ root, mark, toText }) => {
    let place = root;
    for (const name of PATH) {
      const named = place.get(name);
      const inner = named === undefined ? place.getIfObjectOrCreate(name) : named.valueIfObject();
      if (inner === undefined) return err(`${name} must be an object`);
      place = inner;
    }
    if (isForeign(place)) return err("provider.openai.options has a baseURL or an apiKey of its own");
    for (const [name, value] of Object.entries(wanted)) {
      const property = place.get(name);
      if (property === undefined) place.append(name, value);
      else property.setValue(value);
    }
    return ok(mark + toText());
  });
}

/** Takes the gateway out again, and what would be left empty by that; null where nothing is left of a file. */
export function withoutGatewayOptions(text: string): Result<string | null, string> {
  return read(text).map(({ root, mark, toText }) => {
    const places = placesIn(root);
    const options = places[PATH.length];
    if (options === undefined || !isOurs(options)) return text;
    options.get("baseURL")?.remove();
    options.get("apiKey")?.remove();
    for (const [depth, name] of [...PATH.entries()].toReversed()) {
      if (isEmpty(places[depth + 1])) places[depth]?.get(name)?.remove();
    }
    const rest = mark + toText();
    return rest === EMPTY ? null : rest;
  });
}

/** A comment of the person's stays, and so does where it stands. */
const isEmpty = (object: JsonObject | undefined): boolean =>
  object?.properties().length === 0 && !object.children().some((child) => child.isComment());

/** The key in a configuration that asks the gateway. */
export function gatewayKeyIn(text: string): string | undefined {
  return read(text).match(
    ({ root }) => {
      const options = placesIn(root)[PATH.length];
      return options !== undefined && isOurs(options) ? textAt(options, "apiKey") : undefined;
    },
    () => undefined,
  );
}

interface Config {
  readonly root: JsonObject;
  readonly mark: string;
  readonly toText: () => string;
}

function read(text: string): Result<Config, string> {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  try {
    const file = parse(text.slice(mark.length));
    const root = file.asObjectOrCreate();
    return root ? ok({ root, mark, toText: () => file.toString() }) : err("the file must hold an object");
  } catch (thrown) {
    return err(messageOf(thrown).replace("Parse error: ", ""));
  }
}

/** The objects on the way to the options, as far as they are there. */
function placesIn(root: JsonObject): JsonObject[] {
  const places = [root];
  for (const name of PATH) {
    const inner: JsonObject | undefined = places.at(-1)?.get(name)?.valueIfObject();
    if (inner === undefined) break;
    places.push(inner);
  }
  return places;
}

function isOurs(options: JsonObject): boolean {
  const [address, key] = [textAt(options, "baseURL"), textAt(options, "apiKey")];
  return address !== undefined && OUR_ADDRESS.test(address) && key !== undefined && OUR_KEY.test(key);
}

const isForeign = (options: JsonObject): boolean =>
  !isOurs(options) && (options.get("baseURL") !== undefined || options.get("apiKey") !== undefined);

const textAt = (object: JsonObject, name: string): string | undefined =>
  object.get(name)?.value()?.asStringLit()?.decodedValue();
