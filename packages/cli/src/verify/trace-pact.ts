import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  writeJson,
} from '@concordat/domain';
import { CliError } from '../terminal/cli-error.ts';

/** An interaction as it is replayed; `key` names it in the verifier's answer, `traceparent` in the provider's spans. */
export interface TracedInteraction {
  readonly key: string;
  readonly id: string | undefined;
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly transport: 'http' | 'message';
  readonly traceId: string;
  readonly traceparent: string;
}

/** A part of a pact that one verifier replays in one go: a pact file's text with the interactions it holds. */
export interface Shard {
  readonly text: string;
  readonly interactions: readonly TracedInteraction[];
}

export interface TraceOptions {
  /** Interactions of one shard at most. */
  readonly size: number;
  /** Hexadecimal digits of random ids. */
  readonly randomHex: (bytes: number) => string;
}

const lists = ['interactions', 'messages'] as const;

/**
 * Cuts a pact into shards and writes a `traceparent` of its own into every request, where the verifier replays it
 * verbatim. Everything else stays as published: numbers keep their spelling, keys their order.
 */
export function tracePact(text: string, options: TraceOptions): readonly Shard[] {
  const parsed = parseJson(text, 1000);
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    throw new CliError('The hub answered a pact that is no JSON object.');
  }
  const pact = parsed.value;
  const isV4 = specificationOf(pact) >= 4;
  const traced = lists.flatMap((list) =>
    objectsOf(pact.get(list)).map((interaction, index) =>
      traceInteraction(interaction, { list, index, isV4, randomHex: options.randomHex }),
    ),
  );
  const shards: Shard[] = [];
  for (let from = 0; from < traced.length; from += options.size) {
    shards.push(shardOf(pact, traced.slice(from, from + options.size)));
  }
  return shards;
}

interface Place {
  readonly list: (typeof lists)[number];
  readonly index: number;
  readonly isV4: boolean;
  readonly randomHex: (bytes: number) => string;
}

interface Traced {
  readonly list: (typeof lists)[number];
  readonly json: JsonObject;
  readonly interaction: TracedInteraction;
}

function traceInteraction(json: JsonObject, place: Place): Traced {
  const { list, index, isV4, randomHex } = place;
  const transport = list === 'messages' || !isHttp(json) ? 'message' : 'http';
  const traceId = randomHex(16);
  const traceparent = `00-${traceId}-${randomHex(8)}-01`;
  const key = `${list}-${index}`;
  const id = json.get('_id');
  const traced = new Map(json).set('_id', key);
  const request = json.get('request');
  if (transport === 'http' && isJsonObject(request)) {
    traced.set('request', withTraceparent(request, isV4 ? [traceparent] : traceparent));
  }
  const description = json.get('description');
  return {
    list,
    json: traced,
    interaction: {
      key,
      id: typeof id === 'string' ? id : undefined,
      description: typeof description === 'string' ? description : '',
      providerStates: statesOf(json),
      transport,
      traceId,
      traceparent,
    },
  };
}

/** Header names know no case, so one that the pact itself promises is replaced. */
function withTraceparent(request: JsonObject, traceparent: JsonValue): JsonObject {
  const before = request.get('headers');
  const headers = isJsonObject(before) ? [...before] : [];
  const others = headers.filter(([name]) => name.toLowerCase() !== 'traceparent');
  return new Map(request).set('headers', new Map([...others, ['traceparent', traceparent]]));
}

function shardOf(pact: JsonObject, traced: readonly Traced[]): Shard {
  const whole = new Map(pact);
  whole.delete('_links');
  whole.delete('createdAt');
  for (const list of lists) {
    const own = traced.filter((one) => one.list === list).map((one) => one.json);
    if (pact.has(list)) whole.set(list, own);
  }
  return { text: writeJson(whole), interactions: traced.map((one) => one.interaction) };
}

function isHttp(interaction: JsonObject): boolean {
  const type = interaction.get('type');
  return type === undefined || type === 'Synchronous/HTTP';
}

function statesOf(interaction: JsonObject): readonly string[] {
  const single = interaction.get('providerState') ?? interaction.get('provider_state');
  if (typeof single === 'string') return [single];
  return objectsOf(interaction.get('providerStates')).flatMap((state) => {
    const name = state.get('name');
    return typeof name === 'string' ? [name] : [];
  });
}

function specificationOf(pact: JsonObject): number {
  const metadata = pact.get('metadata');
  if (!isJsonObject(metadata)) return 2;
  const specification =
    metadata.get('pactSpecification') ?? metadata.get('pact-specification') ?? metadata;
  const version = isJsonObject(specification) ? specification.get('version') : undefined;
  return typeof version === 'string' ? Number.parseInt(version, 10) || 2 : 2;
}

function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
