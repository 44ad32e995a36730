import { readFileSync } from 'node:fs';
import { createPairing, type Pairing } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import type { SpanBatch } from '../span-batch.ts';
import { spansOf } from './column-batch.ts';
import { DecodeError } from './decode-error.ts';
import { decodeOtlp, decodeSpan } from './decode-otlp.ts';
import { decodeOtlpJson } from './decode-otlp-json.ts';
import { decodeThrift } from './decode-thrift.ts';
import { type Encodable, encodeRequest, encodeSpan, ProtobufWriter } from './encode-otlp.ts';
import { readThriftMessage } from './read-thrift-message.ts';

/** How many mutations of each body; `FUZZ_ROUNDS=200000` makes a million of them in all. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 1_000);

const recorded = JSON.parse(
  readFileSync(
    new URL('../../../../../test/cases/traces/recorded-bodies.json', import.meta.url),
    'utf8',
  ),
);

type Random = (below: number) => number;

/** Mulberry32: the same numbers for the same seed, so that a failure can be repeated. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A request that has everything: all kinds, links, events, secrets, nested and long values, databases, remote procedures, messages. */
function fullRequest(): Buffer {
  const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
  const idOf = (at: number) => Buffer.from([0, 0, 0, 0, 0, 0, 1, at]);
  const attributes: readonly Record<string, Encodable>[] = [
    { 'http.method': 'get', 'http.target': '/a?token=x&b=1', 'http.status_code': 200 },
    { 'http.request.method': 'GET', 'url.full': 'https://u:p@a.example:80/b?sig=1#f' },
    { 'db.system': 'mysql', 'db.statement': "SELECT 1 FROM t WHERE a = 'x'", 'db.name': 'shop' },
    { 'rpc.system': 'grpc', 'rpc.service': 'a.B', 'rpc.method': 'C', 'rpc.grpc.status_code': 5 },
    { 'messaging.system': 'kafka', 'messaging.destination': 't', 'messaging.url': 'amqp://u:p@q' },
    { 'messaging.system': 'kafka', list: [1, 'a', { b: [true] }], long: 'x'.repeat(4_200) },
    { 'http.request.header.cookie': ['a'], bytes: Buffer.from('abc'), none: null, half: 0.5 },
  ];
  const spans = attributes.map((some, at) =>
    encodeSpan({
      traceId,
      spanId: idOf(at),
      parentSpanId: at === 0 ? Buffer.alloc(0) : idOf(at - 1),
      traceState: at % 2 === 0 ? 'ot=th:8' : '',
      flags: 0x301,
      name: `span ${at}`,
      kind: at % 6,
      startNanos: 1_790_000_000_000_000_000n,
      endNanos: 1_790_000_000_000_500_000n,
      attributes: some,
      events: [{ timeNanos: 1n, name: 'exception', attributes: some }],
      links: [{ traceId, spanId: idOf(4), attributes: some }],
      statusCode: at % 3,
      statusMessage: 'why',
    }),
  );
  const resource = new ProtobufWriter().bytes(1, Buffer.alloc(0)).finish();
  return encodeRequest([{ resource, scope: new ProtobufWriter().finish(), spans }]);
}

/** What an agent's client sends in a datagram: the batch as the argument of a call without answer. */
function inMessage(batch: Buffer): Buffer {
  const head = Buffer.from('\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x00', 'latin1');
  return Buffer.concat([head, Buffer.of(12, 0, 1), batch, Buffer.of(0)]);
}

function flip(body: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(body);
  for (let times = 1 + random(6); times > 0; times -= 1) {
    const at = random(flipped.length);
    flipped[at] = random(3) === 0 ? (flipped[at] as number) ^ (1 << random(8)) : random(256);
  }
  return flipped;
}

function cut(body: Buffer, random: Random): Buffer {
  return body.subarray(0, random(body.length));
}

/** A piece of the body again somewhere else, over what is there or in between. */
function splice(body: Buffer, random: Random): Buffer {
  const [from, at] = [random(body.length), random(body.length)];
  const piece = body.subarray(from, from + random(200));
  const after = random(2) === 0 ? at : Math.min(body.length, at + piece.length);
  return Buffer.concat([body.subarray(0, at), piece, body.subarray(after)]);
}

/** Something long or endless in place of a byte, which now and then is a length. */
function inflate(body: Buffer, random: Random): Buffer {
  const at = random(body.length);
  const lengths = [
    '7f',
    'ff7f',
    'ffffff7f',
    'ffffffff0f',
    'ffffffffffffffffff01',
    '7fffffff',
    '00',
  ];
  const length = Buffer.from(lengths[random(lengths.length)] as string, 'hex');
  return Buffer.concat([body.subarray(0, at), length, body.subarray(at + 1)]);
}

/** The same few bytes many times over: lists in lists, structs in structs. */
function nest(body: Buffer, random: Random): Buffer {
  const openings = [
    '[',
    '{"arrayValue":{"values":[',
    '\x2a\x7f\x0a\x7d',
    '\x0c\x00\x01',
    '\x0f\x0c',
  ];
  const opening = Buffer.from(openings[random(openings.length)] as string, 'latin1');
  const at = random(body.length);
  const deep = Buffer.alloc(opening.length * random(500), opening);
  return Buffer.concat([body.subarray(0, at), deep, body.subarray(at)]);
}

const mutations = [flip, flip, flip, cut, splice, inflate, nest];

function mutate(body: Buffer, random: Random): Buffer {
  let mutated = body;
  for (let times = 1 + random(3); times > 0 && mutated.length > 0; times -= 1)
    mutated = (mutations[random(mutations.length)] as typeof flip)(mutated, random);
  return mutated;
}

/** Reads everything that is decoded late, because a broken value must not wait for a reader to stumble. */
function readAll(batch: SpanBatch): void {
  for (const span of spansOf(batch)) {
    JSON.stringify(
      [span.name, span.attributes, span.events, span.links, span.statusMessage, span.resource],
      (_key, value) => (typeof value === 'bigint' ? String(value) : value),
    );
    if (decodeSpan(span.raw, span.origin)?.spanId !== span.spanId)
      throw new Error('The span that is kept is another than the one that came.');
  }
}

function smallPairing(): Pairing {
  return createPairing({
    windowMicros: 50,
    messageWindowMicros: 100,
    maxHalves: 100,
    maxRemembered: 1_000,
    transparentServices: ['web'],
  });
}

describe.each([
  {
    name: 'OTLP protobuf',
    body: Buffer.from(recorded.otlpProtobufBase64, 'base64'),
    decode: decodeOtlp,
  },
  { name: 'OTLP protobuf with everything', body: fullRequest(), decode: decodeOtlp },
  {
    name: 'OTLP JSON',
    body: Buffer.from(JSON.stringify(recorded.otlpJson)),
    decode: decodeOtlpJson,
  },
  {
    name: 'Thrift datagram',
    body: inMessage(Buffer.from(recorded.jaegerThriftBase64, 'base64')),
    decode: (body: Buffer) => decodeThrift(readThriftMessage(body)),
  },
  {
    name: 'Thrift',
    body: Buffer.from(recorded.jaegerThriftBase64, 'base64'),
    decode: decodeThrift,
  },
])('$name', ({ body, decode }) => {
  test('the body that is mutated is a good one', () => {
    const { length, rejected } = decode(body);
    expect([length > 0, rejected]).toEqual([true, 0]);
  });

  test(`${rounds} mutations end in spans that can be paired, or in a decode error, and never in anything else`, {
    timeout: 600_000,
  }, () => {
    const random = createRandom(20_261_121);
    const pairing = smallPairing();
    let decoded = 0;
    for (let round = 0; round < rounds; round += 1) {
      const mutated = mutate(body, random);
      try {
        const batch = decode(mutated);
        readAll(batch);
        pairing.add(batch, round);
        pairing.expire(round);
        decoded += 1;
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          throw new Error(`Round ${round} with ${mutated.toString('base64')}`, { cause: error });
        }
      }
    }
    expect(decoded).toBeGreaterThan(0);
    expect(decoded).toBeLessThan(rounds);
    expect(pairing.counts().held).toBeLessThanOrEqual(100);
  });
});
