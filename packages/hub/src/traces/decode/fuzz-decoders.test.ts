import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { type DecodedBatch, decodeOtlp } from './decode-otlp.ts';
import { decodeOtlpJson } from './decode-otlp-json.ts';
import { decodeThrift } from './decode-thrift.ts';

const recorded = JSON.parse(
  readFileSync(
    new URL('../../../../../test/cases/traces/recorded-bodies.json', import.meta.url),
    'utf8',
  ),
);
const bodies = {
  protobuf: Buffer.from(recorded.otlpProtobufBase64, 'base64'),
  json: Buffer.from(JSON.stringify(recorded.otlpJson)),
  thrift: Buffer.from(recorded.jaegerThriftBase64, 'base64'),
};

/** Mulberry32: the same numbers for the same seed, so that a failure can be repeated. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(body: Buffer, random: (below: number) => number): Buffer {
  const mutated = Buffer.from(body);
  for (let times = 1 + random(6); times > 0; times -= 1) {
    const at = random(mutated.length);
    mutated[at] = random(3) === 0 ? (mutated[at] as number) ^ (1 << random(8)) : random(256);
  }
  const cut = random(5) === 0 ? random(mutated.length) : mutated.length;
  const doubled = random(10) === 0 ? [mutated.subarray(random(cut + 1), cut)] : [];
  return Buffer.concat([mutated.subarray(0, cut), ...doubled]);
}

/** Reads everything that is decoded late, because a broken value must not wait for a reader to stumble. */
function readAll(batch: DecodedBatch): void {
  for (const span of batch.spans) {
    JSON.stringify(
      [span.name, span.attributes, span.events, span.links, span.statusMessage, span.resource],
      (_key, value) => (typeof value === 'bigint' ? String(value) : value),
    );
  }
}

const rounds = 4_000;

describe.each([
  { name: 'OTLP protobuf', body: bodies.protobuf, decode: decodeOtlp },
  { name: 'OTLP JSON', body: bodies.json, decode: decodeOtlpJson },
  { name: 'Thrift', body: bodies.thrift, decode: decodeThrift },
])('$name', ({ body, decode }) => {
  test('the body that is mutated is a good one', () => {
    const batch = decode(body);
    expect([batch.spans.length > 0, batch.rejected]).toEqual([true, 0]);
  });

  test(`${rounds} mutations end in spans or in a decode error, and never in anything else`, () => {
    const random = createRandom(20_261_121);
    let decoded = 0;
    for (let round = 0; round < rounds; round += 1) {
      const mutated = mutate(body, random);
      try {
        readAll(decode(mutated));
        decoded += 1;
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          throw new Error(`Round ${round} with ${mutated.toString('base64')}`, { cause: error });
        }
      }
    }
    expect(decoded).toBeGreaterThan(0);
    expect(decoded).toBeLessThan(rounds);
  });
});
