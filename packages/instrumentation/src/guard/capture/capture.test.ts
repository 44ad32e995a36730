import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CapturedBody } from './captured-body.ts';
import { headerOf, readHeaders, sampleBody } from './message-headers.ts';
import { splitTarget } from './split-target.ts';
import { undoCoding } from './undo-coding.ts';

describe('a captured body', () => {
  test('is what passed, in any form it was written', () => {
    const body = new CapturedBody(100);
    body.add('ä');
    body.add('ä', 'latin1');
    for (const bytes of [Buffer.from('b'), new Uint8Array([99])]) body.add(bytes);
    for (const nothing of [undefined, null, () => 1, 7]) body.add(nothing);
    expect(body.content?.toString('latin1')).toBe('Ã¤äbc');
    expect(new CapturedBody(1).content?.length).toBe(0);
  });

  test('is a copy: who wrote it may use the memory again', () => {
    const body = new CapturedBody(100);
    const memory = Buffer.from('first');
    body.add(memory);
    memory.write('other');
    expect(String(body.content)).toBe('first');
  });

  test('is not known once it is longer than may be kept', () => {
    const body = new CapturedBody(4);
    body.add('1234');
    expect(String(body.content)).toBe('1234');
    body.add('5');
    body.add('6');
    expect(body.content).toBeUndefined();
  });
});

describe('the coding of a body', () => {
  const plain = Buffer.from('{"a":1}');

  test.each([
    { coding: undefined, content: plain },
    { coding: 'identity', content: plain },
    { coding: 'gzip', content: gzipSync(plain) },
    { coding: 'X-GZIP', content: gzipSync(plain) },
    { coding: 'gzip', content: plain },
    { coding: 'deflate', content: deflateSync(plain) },
    { coding: 'deflate', content: deflateRawSync(plain) },
    { coding: 'br', content: brotliCompressSync(plain) },
    { coding: 'gzip, br', content: brotliCompressSync(gzipSync(plain)) },
  ])('is undone: $coding', ({ coding, content }) => {
    expect(undoCoding(content, coding, 100)).toEqual(plain);
  });

  test.each([
    { why: 'it is unknown', coding: 'snappy', content: plain },
    { why: 'it is broken', coding: 'br', content: Buffer.from('no such thing') },
    { why: 'it grows too large', coding: 'gzip', content: gzipSync(Buffer.alloc(1_000_000)) },
    { why: 'one of two is unknown', coding: 'gzip, snappy', content: gzipSync(plain) },
  ])('cannot be undone when $why', ({ coding, content }) => {
    expect(undoCoding(content, coding, 1_000)).toBeUndefined();
  });

  test('of nothing is nothing', () => {
    expect(undoCoding(Buffer.alloc(0), 'gzip', 10)).toHaveLength(0);
  });
});

describe('headers', () => {
  test.each([
    { form: 'an object', given: { 'X-A': ['1', '2'], 'x-b': 3, none: undefined } },
    { form: 'a flat list of bytes', given: ['X-A', '1', 'x-a', '2', 'x-b', '3'].map(Buffer.from) },
    {
      form: 'pairs',
      given: [
        ['X-A', '1'],
        ['x-a', '2'],
        ['x-b', '3'],
      ],
    },
    {
      form: 'Headers',
      given: new Map([
        ['X-A', ['1', '2']],
        ['x-b', ['3']],
      ]),
    },
  ])('are read from $form', ({ given }) => {
    expect(readHeaders(given)).toEqual({ 'x-a': ['1', '2'], 'x-b': '3' });
  });

  test('that are none are empty, and what cannot be read is not known', () => {
    expect([readHeaders(undefined), readHeaders(null), readHeaders('a: b')]).toEqual([
      {},
      {},
      undefined,
    ]);
  });

  test('tell a body its type and coding', () => {
    const body = new CapturedBody(100);
    body.add(gzipSync('{}'));
    const headers = { 'content-encoding': 'gzip', 'content-type': ['application/json', 'other'] };
    const sample = sampleBody(body, headers, 100);
    expect(sample?.contentType).toBe('application/json');
    expect(String(sample?.content)).toBe('{}');
    expect(sampleBody(undefined, headers, 100)).toBeUndefined();
    expect(headerOf(undefined, 'a')).toBeUndefined();
  });
});

test.each([
  { target: '/a/b%20c?x=1?2', path: '/a/b%20c', query: 'x=1?2' },
  { target: '/a', path: '/a', query: '' },
  { target: 'http://host:1/a?b', path: '/a', query: 'b' },
  { target: 'http://host', path: '/', query: '' },
  { target: '?q', path: '/', query: 'q' },
])('a target is split into path and query: $target', ({ target, path, query }) => {
  expect(splitTarget(target)).toEqual({ path, query });
});
