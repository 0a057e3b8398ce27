export interface ResponseEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly responseId: string;
  readonly model: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** The visible text, one delta each. */
  readonly pieces: Iterable<string>;
  /** What the `done` events repeat; a big answer leaves it empty, so that no single event is big. */
  readonly text: string;
  /** The `encrypted_content` of a reasoning item before the message; null for none. */
  readonly reasoning: string | null;
  /** A tool that is called instead of a message; null for none. */
  readonly call: ToolCall | null;
  readonly inputTokens: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

/** The Responses API's events for one whole answer, in order. */
export function* answerEvents(answer: Answer): Generator<ResponseEvent> {
  let sequence = 0;
  for (const event of unnumberedEvents(answer)) {
    yield { ...event, sequence_number: sequence };
    sequence += 1;
  }
}

/** The response object as `response.created`, `response.completed` and `response.failed` carry it. */
export function responseObject(answer: Answer, status: string): Record<string, unknown> {
  return {
    id: answer.responseId,
    object: "response",
    created_at: answer.createdAt,
    status,
    model: answer.model,
    output: [],
  };
}

export function encodeEvent(event: ResponseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function* unnumberedEvents(answer: Answer): Generator<ResponseEvent> {
  yield { type: "response.created", response: responseObject(answer, "in_progress") };
  yield { type: "response.in_progress", response: responseObject(answer, "in_progress") };
  if (answer.reasoning !== null) yield* reasoningEvents(answer.responseId, answer.reasoning);
  const outputIndex = answer.reasoning === null ? 0 : 1;
  const outputTokens =
    answer.call === null
      ? yield* messageEvents(answer, outputIndex)
      : yield* callEvents(answer.responseId, answer.call, outputIndex);
  const usage = usageOf(answer, outputTokens);
  yield { type: "response.completed", response: { ...responseObject(answer, "completed"), usage } };
}

function* reasoningEvents(responseId: string, encryptedContent: string): Generator<ResponseEvent> {
  const item = { type: "reasoning", id: `rs_${responseId}`, summary: [] };
  yield { type: "response.output_item.added", output_index: 0, item: { ...item, encrypted_content: "" } };
  const done = { ...item, encrypted_content: encryptedContent };
  yield { type: "response.output_item.done", output_index: 0, item: done };
}

function* callEvents(
  responseId: string,
  call: ToolCall,
  outputIndex: number,
): Generator<ResponseEvent, number> {
  const id = `fc_${responseId}`;
  const item = { type: "function_call", id, call_id: call.id, name: call.name };
  const place = { item_id: id, output_index: outputIndex };
  const added = { ...item, status: "in_progress", arguments: "" };
  yield { type: "response.output_item.added", output_index: outputIndex, item: added };
  yield { type: "response.function_call_arguments.delta", ...place, delta: call.arguments };
  yield { type: "response.function_call_arguments.done", ...place, arguments: call.arguments };
  const done = { ...item, status: "completed", arguments: call.arguments };
  yield { type: "response.output_item.done", output_index: outputIndex, item: done };
  return 1;
}

function* messageEvents(answer: Answer, outputIndex: number): Generator<ResponseEvent, number> {
  const id = `msg_${answer.responseId}`;
  const item = { type: "message", id, role: "assistant" };
  const place = { item_id: id, output_index: outputIndex, content_index: 0 };
  const added = { ...item, status: "in_progress", content: [] };
  yield { type: "response.output_item.added", output_index: outputIndex, item: added };
  yield { type: "response.content_part.added", ...place, part: textPart("") };
  let deltas = 0;
  for (const delta of answer.pieces) {
    yield { type: "response.output_text.delta", ...place, delta };
    deltas += 1;
  }
  const part = textPart(answer.text);
  yield { type: "response.output_text.done", ...place, text: answer.text };
  yield { type: "response.content_part.done", ...place, part };
  const done = { ...item, status: "completed", content: [part] };
  yield { type: "response.output_item.done", output_index: outputIndex, item: done };
  return deltas;
}

function textPart(text: string): Record<string, unknown> {
  return { type: "output_text", text, annotations: [] };
}

function usageOf(answer: Answer, outputTokens: number): Record<string, unknown> {
  return {
    input_tokens: answer.inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: answer.inputTokens + outputTokens,
  };
}
