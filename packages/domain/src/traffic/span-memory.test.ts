import { describe, expect, test } from 'vitest';
import { columnsOf } from './columns-of-spans.ts';
import { spanKinds } from './half.ts';
import type { Sender } from './sender.ts';
import type { Span, SpanKind } from './span.ts';
import { newOfSharedId, newSpan, SpanMemory, seenBefore } from './span-memory.ts';

/** One table, and many. */
const sizes = [{ max: 50_000 }, { max: 1_000_000 }];

function sender(service: string): Sender {
  return { peer: { service, version: undefined, virtual: false }, environment: undefined };
}

/** `id` and `parent` name spans of one trace. */
function aSpan(id: number, more: Partial<Span> = {}): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId: id.toString(16).padStart(16, '0'),
    parentSpanId: undefined,
    traceState: '',
    flags: 0,
    name: `span ${id}`,
    kind: 'client',
    startMicros: 1_790_000_000_000_000,
    durationMicros: 10,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    scope: { name: '', version: '' },
    resource: { service: 'web', version: undefined, environment: undefined, attributes: {} },
    ...more,
  };
}

function remember(memory: SpanMemory, span: Span, from: Sender = sender('web')): number {
  return memory.remember(columnsOf([span]), 0, from);
}

function keyOf(id: number): Uint32Array {
  return columnsOf([aSpan(id)]).ids.slice(0, 6);
}

describe.each(sizes)('a memory of $max spans', ({ max }) => {
  const options = { windowMicros: 100, max, seed: 1 };

  test('spans of senders that take turns are remembered with who sent them', () => {
    const [web, orders] = [sender('web'), sender('orders')];
    const memory = new SpanMemory(options);
    for (const [id, from] of [
      [1, web],
      [2, orders],
      [3, web],
    ] as const) {
      expect(remember(memory, aSpan(id), from)).toBe(newSpan);
    }
    expect([1, 2, 3].map((id) => memory.find(keyOf(id), '')?.sender.peer.service)).toEqual([
      'web',
      'orders',
      'web',
    ]);
  });

  test('an id that comes again as another kind in a later window counts once a kind', () => {
    const of = (kind: SpanKind) => aSpan(1, { kind });
    const memory = new SpanMemory(options);
    memory.turn(100);
    expect(remember(memory, of('client'))).toBe(newSpan);
    memory.turn(250);
    expect(remember(memory, of('server'))).toBe(newOfSharedId);
    expect(remember(memory, of('server'))).toBe(seenBefore);
    expect(remember(memory, of('client'))).toBe(seenBefore);
  });

  test('of several spans with one id the one of the asked service is found, else any', () => {
    const memory = new SpanMemory(options);
    remember(memory, aSpan(1), sender('web'));
    remember(memory, aSpan(1, { kind: 'server' }), sender('orders'));
    const serviceOf = (service: string) => memory.find(keyOf(1), service)?.sender.peer.service;
    expect(['web', 'orders'].map(serviceOf)).toEqual(['web', 'orders']);
    expect(['web', 'orders']).toContain(serviceOf('shipping'));
    expect(memory.find(keyOf(2), 'web')).toBeUndefined();
  });

  test('servers and consumers keep their name, and every span its parent', () => {
    const memory = new SpanMemory(options);
    const parentSpanId = 'fffffffffffffff1';
    remember(memory, aSpan(1, { kind: 'server', name: 'GET /a', parentSpanId }));
    remember(memory, aSpan(2, { kind: 'consumer', name: 'GET /a' }));
    remember(memory, aSpan(3, { kind: 'internal', name: 'work' }));
    expect({ ...memory.find(keyOf(1), '') }).toMatchObject({
      kind: spanKinds.server,
      name: 'GET /a',
      parent0: 0xffffffff,
      parent1: 0xfffffff1,
    });
    expect([2, 3].map((id) => memory.find(keyOf(id), '')?.name)).toEqual(['GET /a', '']);
  });

  test('a span that comes again with a later end is one that was here, and is counted', () => {
    const memory = new SpanMemory(options);
    const of = (durationMicros: number) => aSpan(1, { durationMicros });
    remember(memory, of(10));
    expect([5, 10, 20, 15].map((micros) => remember(memory, of(micros)))).toEqual(
      new Array(4).fill(seenBefore),
    );
    expect(memory.lengthened).toBe(1);
    memory.turn(100);
    expect(remember(memory, of(30))).toBe(seenBefore);
    expect(memory.lengthened).toBe(2);
  });

  test('ten thousand spans are all remembered while the tables grow', () => {
    const memory = new SpanMemory(options);
    const spans = Array.from({ length: 10_000 }, (_, id) => aSpan(id + 1));
    for (const span of spans) expect(remember(memory, span)).toBe(newSpan);
    for (const span of spans) expect(remember(memory, span)).toBe(seenBefore);
  });
});
