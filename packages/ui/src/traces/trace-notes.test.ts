import { expect, test } from 'vitest';
import { aSpan, aTrace } from '../testing/samples.tsx';
import { buildSpanTree } from './span-tree.ts';
import type { Trace } from './trace.ts';
import { mayGrow, traceNotes } from './trace-notes.ts';

const later = 1_763_726_400_000 + 60_000;

const notes = (trace: Trace, now = later) => traceNotes(trace, buildSpanTree(trace), now);

test.each<[string, Trace, readonly [title: string, row: number | undefined][]]>([
  ['nothing odd', aTrace([aSpan(1), aSpan(2, { parent: 1 })]), []],
  [
    'what the store warns of',
    { ...aTrace([aSpan(1)]), warnings: ['too many spans'] },
    [['too many spans', undefined]],
  ],
  [
    'a parent that is missing',
    aTrace([aSpan(1), aSpan(2, { parent: 99 })]),
    [['The trace is partial: 1 span without its parent', 1]],
  ],
  [
    'several parents that are missing',
    aTrace([aSpan(1, { parent: 98 }), aSpan(2, { parent: 99 })]),
    [['The trace is partial: 2 spans without their parent', 0]],
  ],
  ['several roots', aTrace([aSpan(1), aSpan(2)]), [['2 spans start this trace', undefined]]],
  [
    'clocks that differ',
    aTrace([aSpan(2), aSpan(1, { parent: 2, service: 'bank' })]),
    [['Clocks differ: 1 span starts before the one that called it', 1]],
  ],
  [
    'ids that came twice',
    aTrace([aSpan(1), aSpan(2, { parent: 1 }), aSpan(2, { parent: 1 })]),
    [['1 span with an id that another one has', undefined]],
  ],
  [
    'warnings of spans',
    aTrace([aSpan(1), aSpan(2, { parent: 1, warnings: ['clock moved by 3 ms'] })]),
    [['1 span with a warning', 1]],
  ],
])('of %s a trace says so', (_, trace, expected) => {
  expect(notes(trace).map(({ title, row }) => [title, row])).toEqual(expected);
});

test('notes name the services and times concerned', () => {
  const services = ['a', 'b', 'c', 'd'];
  const orphans = services.map((service, index) => aSpan(index, { parent: 99, service }));
  expect(notes(aTrace(orphans))[0]?.explanation).toContain('a, b, c and others is not here');
  const early = aTrace([
    aSpan(20),
    aSpan(1, { parent: 20, service: 'bank' }),
    aSpan(9, { parent: 20, service: 'bank' }),
  ]);
  expect(notes(early)[0]?.title).toContain('2 spans start before the one that called them');
  expect(notes(early)[0]?.explanation).toContain('By up to 190 µs');
});

test('a trace may grow for half a minute after its last span', () => {
  const trace = aTrace([aSpan(0, { duration: 1_000_000 })]);
  const end = 1_763_726_401_000;
  expect(mayGrow(buildSpanTree(trace), end + 29_999)).toBe(true);
  expect(mayGrow(buildSpanTree(trace), end + 30_000)).toBe(false);
  expect(notes(trace, end).map(({ title }) => title)).toEqual(['The trace may still grow']);
});
