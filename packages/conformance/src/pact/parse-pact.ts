import { isObject, type JsonObject, objectOf, textOf } from './json-values.ts';
import type {
  HttpInteraction,
  MessageInteraction,
  PactInteraction,
  PactModel,
} from './pact-model.ts';
import { parsePactQuery } from './parse-query.ts';
import { parseRules } from './parse-rules.ts';

/**
 * Reads a pact of version 1 to 4. The version that a file states is not asked: many files state none or a wrong one, so
 * the structure decides (`messages` at the top, `type` on an interaction, kind of `query`, form of `matchingRules`).
 */
export function parsePact(content: string): PactModel {
  let pact: unknown;
  try {
    pact = JSON.parse(content);
  } catch (error) {
    return emptyPact(
      `The pact is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return isObject(pact) ? readPact(pact) : emptyPact('The pact is no JSON object.');
}

function emptyPact(defect: string): PactModel {
  return { consumer: undefined, provider: undefined, interactions: [], defects: [defect] };
}

function readPact(pact: JsonObject): PactModel {
  const defects: string[] = [];
  const interactions = [
    ...listOf(pact.interactions).map((item) => readInteraction(item, defects)),
    ...listOf(pact.messages).map((item) => readMessage(item, defects)),
  ].filter((interaction) => interaction !== undefined);
  return {
    consumer: textOf(objectOf(pact.consumer).name),
    provider: textOf(objectOf(pact.provider).name),
    interactions,
    defects,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readInteraction(item: unknown, defects: string[]): PactInteraction | undefined {
  const type = textOf(objectOf(item).type);
  if (type === 'Asynchronous/Messages' || type === 'Synchronous/Messages') {
    return readMessage(item, defects);
  }
  if (type !== undefined && type !== 'Synchronous/HTTP') {
    defects.push(`Interactions of type "${type}" are unknown and left out.`);
    return undefined;
  }
  return readHttp(item, defects);
}

function readHttp(item: unknown, defects: string[]): HttpInteraction | undefined {
  if (!isObject(item)) {
    defects.push('An interaction is no JSON object and left out.');
    return undefined;
  }
  const request = objectOf(item.request);
  const response = objectOf(item.response);
  const requestRules = parseRules(request.matchingRules, defects);
  const responseRules = parseRules(response.matchingRules, defects);
  return {
    kind: 'http',
    description: textOf(item.description) ?? '',
    providerStates: providerStatesOf(item),
    method: (textOf(request.method) ?? 'GET').toUpperCase(),
    path: textOf(request.path) ?? '/',
    pathRules: requestRules.path,
    query: parsePactQuery(request.query),
    queryRules: requestRules.query,
    status: statusOf(response.status),
    statusRules: responseRules.status,
  };
}

function statusOf(status: unknown): number {
  const number = Number(status ?? 200);
  return Number.isInteger(number) ? number : 200;
}

function readMessage(item: unknown, defects: string[]): MessageInteraction | undefined {
  if (!isObject(item)) {
    defects.push('A message is no JSON object and left out.');
    return undefined;
  }
  // A synchronous message keeps what is sent under `request`; its answer travels back and is no event of its own.
  const sent = isObject(item.request) ? item.request : item;
  return {
    kind: 'message',
    description: textOf(item.description) ?? '',
    providerStates: providerStatesOf(item),
    metadata: objectOf(sent.metadata ?? sent.metaData ?? item.metadata),
    contents: contentsOf(sent.contents),
  };
}

/** Version 4 wraps contents (`{content, contentType, encoded}`); version 3 has the payload itself. */
function contentsOf(contents: unknown): unknown {
  if (!isObject(contents) || !('content' in contents)) {
    return contents;
  }
  const { content, encoded } = contents;
  if (typeof content !== 'string' || encoded === false || encoded === undefined) {
    return content;
  }
  try {
    const text = textOf(encoded)?.toLowerCase() === 'base64' ? fromBase64(content) : content;
    return JSON.parse(text);
  } catch {
    // A payload that is no JSON (Avro, Protobuf, text) names no event inside; the other places are asked.
    return undefined;
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function providerStatesOf(item: JsonObject): readonly string[] {
  const states = item.providerStates;
  if (Array.isArray(states)) {
    return states
      .map((state) => textOf(objectOf(state).name) ?? textOf(state) ?? '')
      .filter(Boolean);
  }
  const state = textOf(item.providerState) ?? textOf(item.provider_state) ?? textOf(states) ?? '';
  return state === '' ? [] : [state];
}
