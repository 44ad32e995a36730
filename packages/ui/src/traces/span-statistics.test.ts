import { expect, test } from 'vitest';
import { aSpan, aTrace } from '../testing/samples.tsx';
import { criticalPath } from './critical-path.ts';
import { groupSpans, selfTimes } from './span-statistics.ts';
import { buildSpanTree } from './span-tree.ts';
import type { TraceSpan } from './trace.ts';

const at = (start: number, duration: number) => ({ start, duration });

test.each<[string, readonly TraceSpan[], readonly number[]]>([
  ['a span alone has all its time', [aSpan(1, at(0, 50))], [50]],
  [
    'children that overlap are taken off once',
    [
      aSpan(1, at(0, 100)),
      aSpan(2, { parent: 1, ...at(10, 40) }),
      aSpan(3, { parent: 1, ...at(30, 40) }),
    ],
    [40, 40, 40],
  ],
  [
    'a child within another takes nothing more',
    [
      aSpan(1, at(0, 100)),
      aSpan(2, { parent: 1, ...at(10, 40) }),
      aSpan(3, { parent: 1, ...at(20, 10) }),
    ],
    [60, 40, 10],
  ],
  [
    'a child counts only within its parent, before, after and over its end',
    [
      aSpan(1, at(100, 100)),
      aSpan(2, { parent: 1, ...at(50, 60) }),
      aSpan(3, { parent: 1, ...at(190, 50) }),
      aSpan(4, { parent: 1, ...at(300, 50) }),
    ],
    [80, 60, 50, 50],
  ],
])('of self time, %s', (_, spans, expected) => {
  expect([...selfTimes(buildSpanTree(aTrace(spans)))]).toEqual(expected);
});

test('spans are counted by service or operation, with times, errors and the longest of them', () => {
  const tree = buildSpanTree(
    aTrace([
      aSpan(1, { name: 'GET', ...at(0, 100) }),
      aSpan(2, { parent: 1, name: 'select', service: 'db', failed: true, ...at(10, 20) }),
      aSpan(3, { parent: 1, name: 'select', service: 'db', ...at(40, 50) }),
      aSpan(4, { parent: 1, name: 'render', ...at(95, 5) }),
    ]),
  );
  const pieces = criticalPath(tree);
  expect(groupSpans(tree, pieces, 'operation')).toEqual([
    {
      key: 'shop\nGET',
      service: 'shop',
      name: 'GET',
      spans: 1,
      errors: 0,
      total: 100,
      self: 25,
      mean: 100,
      longest: 100,
      critical: 25,
      exemplar: 0,
    },
    {
      key: 'db\nselect',
      service: 'db',
      name: 'select',
      spans: 2,
      errors: 1,
      total: 70,
      self: 70,
      mean: 35,
      longest: 50,
      critical: 70,
      exemplar: 2,
    },
    expect.objectContaining({ name: 'render', critical: 5, exemplar: 3 }),
  ]);
  const services = groupSpans(tree, pieces, 'service');
  expect(services.map(({ service, name, spans, self }) => [service, name, spans, self])).toEqual([
    ['shop', '', 2, 30],
    ['db', '', 2, 70],
  ]);
});
