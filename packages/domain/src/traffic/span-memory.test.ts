import { expect, test } from 'vitest';
import type { Resource, Span, SpanKind } from './span.ts';
import { SpanMemory } from './span-memory.ts';

function resource(service: string): Resource {
  return { service, version: undefined, environment: undefined, attributes: {} };
}

function from(sender: Resource, kind: SpanKind = 'client'): Span {
  return { kind, resource: sender } as Span;
}

test('spans of senders that take turns are remembered with who sent them', () => {
  const [web, orders] = [resource('web'), resource('orders')];
  const memory = new SpanMemory(100, 100);
  for (const [key, sender] of [
    ['a', web],
    ['b', orders],
    ['c', web],
  ] as const) {
    expect(memory.remember(key, from(sender), 1)).toBe(true);
  }
  expect(['a', 'b', 'c'].map((key) => memory.find(key)?.resource.service)).toEqual([
    'web',
    'orders',
    'web',
  ]);
});

test('an id that comes again as another kind in a later window counts once a kind', () => {
  const web = resource('web');
  const memory = new SpanMemory(100, 100);
  memory.remember('a', from(web), 100);
  memory.remember('b', from(web), 250);
  expect(memory.remember('a', from(web, 'server'), 260)).toBe(true);
  expect(memory.remember('a', from(web, 'server'), 270)).toBe(false);
  expect(memory.remember('a', from(web), 280)).toBe(false);
});
