import type { Model } from "@open-multi-auth/domain";
import {
  elements,
  isArray,
  isText,
  textOf,
  topLevelMembers,
  walkMembers,
  type Member,
  type Span,
} from "./members.ts";
import { spliced, type Edit } from "./splice.ts";

/** A model request's body as the upstream takes it, and what the client wants with it. */
export interface PreparedBody {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly model?: Model;
  readonly promptCacheKey?: string;
  /** The client reads a stream of events; else it waits for one JSON answer. */
  readonly wantsStream: boolean;
}

/** What is told to a model that its client tells nothing: the upstream insists on instructions. */
const INSTRUCTIONS = "You are a helpful assistant.";

/**
 * Makes a request one that the upstream takes, and leaves every byte as it is that need not change: it is always streamed
 * and never stored; instructions stand in a field of their own; a bare text is the person's message; `max_output_tokens` is
 * refused there. Fields that nobody knows here pass.
 *
 * @returns undefined where the body is no JSON object
 */
export function prepareBody(body: Uint8Array<ArrayBuffer>): PreparedBody | undefined {
  const members = topLevelMembers(body);
  if (members === undefined) return undefined;
  const model = textAt(body, members.get("model"));
  const promptCacheKey = textAt(body, members.get("prompt_cache_key"));
  return {
    body: spliced(body, edits(body, members)),
    wantsStream: rawAt(body, members.get("stream")) === "true",
    ...(model !== undefined && { model }),
    ...(promptCacheKey !== undefined && { promptCacheKey }),
  };
}

/**
 * The body of a client that speaks the upstream's own language, as the Codex CLI does: nothing is changed, and it is looked
 * through only as far as the model's name, which stands at its beginning.
 *
 * @returns undefined where the body is no JSON object, as far as it was looked through
 */
export function nativeBody(body: Uint8Array<ArrayBuffer>): PreparedBody | undefined {
  let model: Model | undefined;
  const isObject = walkMembers(body, (name, member) => {
    if (name === "model") model = textAt(body, member);
    return model === undefined;
  });
  return isObject ? { body, wantsStream: true, ...(model !== undefined && { model }) } : undefined;
}

type Members = ReadonlyMap<string, Member>;

function edits(json: Uint8Array, members: Members): readonly Edit[] {
  // Nothing to add to: what it lacks, the upstream tells.
  if (members.size === 0) return [];
  return [
    ...wanted(json, members, "store", "false"),
    ...wanted(json, members, "stream", "true"),
    ...withoutMember(members, "max_output_tokens"),
    ...listedInput(json, members.get("input")),
    ...instructed(json, members),
  ];
}

function wanted(json: Uint8Array, members: Members, name: string, value: string): readonly Edit[] {
  const member = members.get(name);
  if (member === undefined) return added(members, name, value);
  return rawAt(json, member) === value ? [] : [{ ...member.value, text: value }];
}

/** Before the first member, so that no comma has to be looked for. */
function added(members: Members, name: string, value: string): readonly Edit[] {
  const [first] = members.values();
  return first === undefined ? [] : [{ start: first.at, end: first.at, text: `"${name}":${value},` }];
}

/** With the comma before it, or after it where it is the first. */
function withoutMember(members: Members, name: string): readonly Edit[] {
  const member = members.get(name);
  const all = [...members.values()].toSorted((a, b) => a.at - b.at);
  const place = member === undefined ? -1 : all.indexOf(member);
  if (member === undefined || place === -1) return [];
  const [before, next] = [all[place - 1], all[place + 1]];
  if (before !== undefined) return [{ start: before.value.end, end: member.value.end, text: "" }];
  return next === undefined ? [] : [{ start: member.at, end: next.at, text: "" }];
}

function listedInput(json: Uint8Array, input: Member | undefined): readonly Edit[] {
  if (input === undefined || !isText(json, input.value.start)) return [];
  const { start, end } = input.value;
  return [
    { start, end: start, text: '[{"role":"user","content":[{"type":"input_text","text":' },
    { start: end, end, text: "}]}]" },
  ];
}

/** Clients of OpenAI's API may give instructions as the first messages. */
function instructed(json: Uint8Array, members: Members): readonly Edit[] {
  const own = members.get("instructions");
  if (own !== undefined && rawAt(json, own) !== "null") return [];
  const { text, span } = leadingInstructions(json, members.get("input"));
  const value = JSON.stringify(text ?? INSTRUCTIONS);
  const said = own === undefined ? added(members, "instructions", value) : [{ ...own.value, text: value }];
  return span === undefined ? said : [...said, { ...span, text: "" }];
}

/** The system's or developer's messages that the input begins with, and where they are, up to the next one. */
function leadingInstructions(json: Uint8Array, input: Member | undefined): { text?: string; span?: Span } {
  if (input === undefined || !isArray(json, input.value.start)) return {};
  const texts: string[] = [];
  let start: number | undefined;
  for (const span of elements(json, input.value.start)) {
    start ??= span.start;
    const text = instructionIn(json, span);
    // Something has to be left to answer to.
    if (text === undefined)
      return texts.length === 0 ? {} : { text: texts.join("\n\n"), span: { start, end: span.start } };
    texts.push(text);
  }
  return {};
}

function instructionIn(json: Uint8Array, span: Span): string | undefined {
  const { role, content } = objectIn(json, span);
  if (role !== "system" && role !== "developer") return undefined;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part: unknown) => textPart(part));
  return texts.every((text) => text !== undefined) ? texts.join("\n") : undefined;
}

function textPart(part: unknown): string | undefined {
  if (typeof part !== "object" || part === null) return undefined;
  return "text" in part && typeof part.text === "string" ? part.text : undefined;
}

function objectIn(json: Uint8Array, span: Span): { role?: unknown; content?: unknown } {
  try {
    const value: unknown = JSON.parse(textOf(json, span));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function rawAt(json: Uint8Array, member: Member | undefined): string | undefined {
  // Longer values are none of those that are asked about.
  if (member === undefined || member.value.end - member.value.start > 5) return undefined;
  return textOf(json, member.value);
}

function textAt(json: Uint8Array, member: Member | undefined): string | undefined {
  if (member === undefined || !isText(json, member.value.start)) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(json, member.value));
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}
