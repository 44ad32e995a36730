import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { readThriftBatch } from './read-thrift-batch.ts';
import { readThriftMessage } from './read-thrift-message.ts';

const read = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../../../test/cases/traces/${name}.json`, import.meta.url), 'utf8'),
  );
const batch = Buffer.from(read('recorded-bodies').jaegerThriftBase64, 'base64');
/** As the OpenTelemetry SDK for Python sent it. */
const compact = Buffer.from(read('recorded-datagrams').compactBase64, 'base64');

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const name = (text: string): Buffer =>
  Buffer.concat([bytes(0, 0, 0, text.length), Buffer.from(text)]);
/** The arguments of `emitBatch`: field 1, a struct; and the end. */
const args = Buffer.concat([bytes(12, 0, 1), batch, bytes(0)]);
const strict = (type: number, method = 'emitBatch', rest: Buffer = args): Buffer =>
  Buffer.concat([bytes(0x80, 1, 0, type), name(method), bytes(0, 0, 0, 7), rest]);
const old = (type: number, rest: Buffer = args): Buffer =>
  Buffer.concat([name('emitBatch'), bytes(type, 0, 0, 0, 7), rest]);
/** A message of the compact protocol whose first argument is a batch with these fields. */
const compactly = (...fields: readonly number[]): Buffer =>
  Buffer.concat([bytes(0x82, 0x81, 0, 9), Buffer.from('emitBatch'), bytes(0x1c, ...fields, 0, 0)]);

describe('a message to the agent', () => {
  test.each([
    ['strict, oneway', strict(4)],
    ['strict, call', strict(1)],
    ['of the old header, oneway', old(4)],
    ['of the old header, call', old(1)],
  ])('in the binary protocol, %s, holds the bare batch', (_what, message) => {
    expect(readThriftBatch(readThriftMessage(message))).toEqual(readThriftBatch(batch));
  });

  test('in the compact protocol holds the batch in the binary one', () => {
    const { process, spans } = readThriftBatch(readThriftMessage(compact));
    expect(process).toEqual({ 'service.name': 'py-web' });
    expect(spans.map((span) => span.name)).toEqual(['GET', 'work']);
    const [get, work] = spans;
    expect(get?.references).toEqual([
      { followsFrom: true, traceId: work?.traceId, spanId: work?.spanId },
    ]);
    expect(get?.parentSpanId).toEqual(work?.spanId);
    expect(work?.tags).toMatchObject({
      n: -7n,
      big: 9_007_199_254_740_991n,
      ratio: 0.5,
      on: true,
      off: false,
      text: 'grün',
    });
    expect(work?.logs).toMatchObject([{ fields: { at: 1n, message: 'step' } }]);
    expect(work?.startMicros).toBe(1_795_293_320_799_519n);
  });
});

describe('values of the compact protocol', () => {
  /** What field 1 of the batch holds, in the binary protocol, without the header of the field and what ends it all. */
  const written = (...fields: readonly number[]): number[] => [
    ...readThriftMessage(compactly(...fields)).subarray(0, -2),
  ];

  test.each([
    ['true', [0x11], [2, 0, 1, 1]],
    ['false', [0x12], [2, 0, 1, 0]],
    ['a byte', [0x13, 0xfe], [3, 0, 1, 0xfe]],
    ['a 16-bit number below zero', [0x14, 3], [6, 0, 1, 0xff, 0xfe]],
    ['a 32-bit number', [0x15, 0xac, 2], [8, 0, 1, 0, 0, 0, 150]],
    ['a 64-bit number below zero', [0x16, 1], [10, 0, 1, ...Array(8).fill(0xff)]],
    ['a double', [0x17, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [4, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]],
    ['bytes', [0x18, 2, 7, 8], [11, 0, 1, 0, 0, 0, 2, 7, 8]],
    ['a list', [0x19, 0x23, 5, 6], [15, 0, 1, 3, 0, 0, 0, 2, 5, 6]],
    ['a long list', [0x19, 0xf3, 1, 5], [15, 0, 1, 3, 0, 0, 0, 1, 5]],
    ['a set of booleans', [0x1a, 0x21, 1, 2], [14, 0, 1, 2, 0, 0, 0, 2, 1, 0]],
    ['a map', [0x1b, 1, 0x83, 1, 65, 9], [13, 0, 1, 11, 3, 0, 0, 0, 1, 0, 0, 0, 1, 65, 9]],
    ['an empty map', [0x1b, 0], [13, 0, 1, 3, 3, 0, 0, 0, 0]],
    ['a struct', [0x1c, 0x13, 1, 0], [12, 0, 1, 3, 0, 1, 1, 0]],
    ['a field far from the one before', [0x03, 0xd0, 0x0f, 1], [3, 3, 0xe8, 1]],
    ['fields one after the other', [0x13, 1, 0x23, 2], [3, 0, 1, 1, 3, 0, 3, 2]],
  ])('%s is written as the binary protocol does', (...[, fields, expected]) => {
    expect(written(...fields)).toEqual(expected);
  });
});

describe('what is no such message', () => {
  test.each([
    ['nothing', Buffer.alloc(0), /cut off/],
    ['one byte', bytes(0x80), /cut off/],
    ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /Not a Thrift message/],
    ['another version', Buffer.concat([bytes(0x80, 2), strict(4).subarray(2)]), /version 1/],
    ['another method', strict(4, 'emitZipkinBatch'), /"emitZipkinBatch" is not known/],
    ['a reply', strict(2), /message type 2/],
    ['a header without arguments', strict(4, 'emitBatch', Buffer.alloc(0)), /cut off/],
    ['a header that is cut off', strict(4).subarray(0, 6), /cut off/],
    ['a name that is cut off', strict(4).subarray(0, 12), /cut off/],
    ['a name beyond reason', bytes(0x80, 1, 0, 4, 0x7f, 0xff, 0xff, 0xff), /Not a Thrift message/],
    ['another argument', strict(4, 'emitBatch', bytes(11, 0, 1, 0, 0, 0, 0, 0)), /no batch/],
    ['compact of another version', bytes(0x82, 0x82, 0, 0), /version 2/],
    ['compact that is cut off', compact.subarray(0, 200), /cut off/],
    ['compact with an unknown type', compactly(0x1d), /unknown type 13/],
    ['compact with a list longer than all of it', compactly(0x19, 0xf3, 0xff, 0x7f), /a list of/],
    ['compact with an endless number', compactly(0x16, ...Array(11).fill(0xff)), /ten bytes/],
    ['compact with an impossible field', compactly(0x03, 0x80, 0x80, 0x10, 0), /field id/],
    ['compact nested without end', compactly(...Array(50).fill(0x1c)), /nested deeper/],
  ])('%s is refused in words', (_what, message, told) => {
    expect(() => readThriftMessage(message)).toThrow(DecodeError);
    expect(() => readThriftMessage(message)).toThrow(told);
  });

  test.each([
    ['binary', strict(4)],
    ['compact', compact],
  ])('%s with any byte changed is read or refused, never anything else', (_what, message) => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 5_000; round += 1) {
      const mutated = Buffer.from(message);
      for (let count = 0; count <= random(4); count += 1)
        mutated[random(mutated.length)] = random(256);
      try {
        const read = readThriftMessage(mutated.subarray(0, 1 + random(mutated.length)));
        expect(read.length).toBeLessThan(12 * message.length);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
  });
});
