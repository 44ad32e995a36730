import { isObject, type JsonObject, objectOf, textOf } from './json-values.ts';
import type {
  BodyNotation,
  HttpInteraction,
  MessageInteraction,
  PactInteraction,
  PactModel,
} from './pact-model.ts';
import { parsePactQuery } from './parse-query.ts';
import { parseRules } from './parse-rules.ts';

/**
 * Reads a pact of version 1 to 4. The version that a file states is asked for the notation of bodies only: many files state none or a
 * wrong one, so the structure decides (`messages` at the top, `type` on an interaction, kind of `query`, form of `matchingRules`).
 * `read` may keep what JSON.parse loses; it throws as JSON.parse does.
 */
export function parsePact(
  content: string,
  read: (text: string) => unknown = JSON.parse as (text: string) => unknown,
): PactModel {
  let pact: unknown;
  try {
    pact = read(content);
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
  const wrapped = statedVersion(objectOf(pact.metadata)).startsWith('4');
  const reading = { defects, wrapped };
  const interactions = [
    ...listOf(pact.interactions).map((item) => readInteraction(item, reading)),
    ...listOf(pact.messages).map((item) => readMessage(item, reading)),
  ].filter((interaction) => interaction !== undefined);
  return {
    consumer: textOf(objectOf(pact.consumer).name),
    provider: textOf(objectOf(pact.provider).name),
    interactions,
    defects,
  };
}

interface Reading {
  readonly defects: string[];
  /** The file states version 4. */
  readonly wrapped: boolean;
}

function statedVersion(metadata: JsonObject): string {
  const stated =
    objectOf(metadata.pactSpecification).version ??
    objectOf(metadata['pact-specification']).version ??
    metadata.pactSpecificationVersion;
  return String(stated ?? '');
}

/** `type` is only there in version 4. */
function notationOf(item: JsonObject, { wrapped }: Reading): BodyNotation {
  return wrapped || textOf(item.type) !== undefined ? 'wrapped' : 'bare';
}

const OWN_TRANSPORTS = new Set(['http', 'https', 'message', 'async-message', 'sync-message']);

/** A transport or configuration that only a plugin understands. */
function pluginOf(item: JsonObject): string | undefined {
  const [name] = Object.keys(objectOf(item.pluginConfiguration));
  const transport = textOf(item.transport);
  return (
    name ??
    (transport === undefined || transport === '' || OWN_TRANSPORTS.has(transport)
      ? undefined
      : transport)
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readInteraction(item: unknown, reading: Reading): PactInteraction | undefined {
  const type = textOf(objectOf(item).type);
  if (type === 'Asynchronous/Messages' || type === 'Synchronous/Messages') {
    return readMessage(item, reading);
  }
  if (type !== undefined && type !== 'Synchronous/HTTP') {
    reading.defects.push(`Interactions of type "${type}" are unknown and left out.`);
    return undefined;
  }
  return readHttp(item, reading);
}

function readHttp(item: unknown, reading: Reading): HttpInteraction | undefined {
  const { defects } = reading;
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
    plugin: pluginOf(item),
    source: { request, response, notation: notationOf(item, reading) },
  };
}

function statusOf(status: unknown): number {
  const number = Number(status ?? 200);
  return Number.isInteger(number) ? number : 200;
}

function readMessage(item: unknown, reading: Reading): MessageInteraction | undefined {
  if (!isObject(item)) {
    reading.defects.push('A message is no JSON object and left out.');
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
    plugin: pluginOf(item),
    source: { sent, answers: answersOf(item), notation: notationOf(item, reading) },
  };
}

/** Answers of a synchronous message are a list; old writers give one alone. */
function answersOf({ response }: JsonObject): readonly JsonObject[] {
  const answers: readonly unknown[] = Array.isArray(response) ? response : [response];
  return answers.filter(isObject);
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
