import type { Edge } from '@concordat/api';
import { describe, expect, test } from 'vitest';
import { manyEdges } from '../testing/many-edges.ts';
import { anEdge } from '../testing/samples.tsx';
import { buildGraph, edgeId } from './graph.ts';
import { type Box, type Layout, layeredLimit, layoutMap } from './layout.ts';
import { findTiers } from './tiers.ts';

const shop = [
  ['storefront', 'gateway', 'http'],
  ['gateway', 'orders', 'http'],
  ['orders', 'inventory', 'http'],
  ['orders', 'payments', 'http'],
  ['shipping', 'orders', 'message'],
  ['notifications', 'orders', 'message'],
] as const;

const systems: readonly (readonly [string, readonly Edge[]])[] = [
  ['nothing', []],
  ['one edge', [anEdge()]],
  ['a service that calls itself', [anEdge({ provider: 'web' })]],
  [
    'the shop',
    shop.map(([consumer, provider, transport]) => anEdge({ consumer, provider, transport })),
  ],
  ['a circle', ['a b', 'b c', 'c a', 'a c'].map(pair)],
  ['a long way round', ['a b', 'b c', 'c d', 'd e', 'a e', 'a d'].map(pair)],
  ['both transports between two', [anEdge(), anEdge({ transport: 'message' })]],
  ['a star', Array.from({ length: 20 }, (_, index) => anEdge({ provider: `p${index}` }))],
  ['thirty services', manyEdges(30, 70)],
  ['200 services and 800 edges', manyEdges(200, 800)],
  ['500 services and 2,000 edges', manyEdges(500, 2000)],
];

describe.each(systems)('the layout of %s', (_, edges) => {
  const graph = buildGraph(edges);
  const layout = layoutMap(graph);

  test('is the same again, also when the edges come in another order', () => {
    expect(layoutMap(buildGraph([...edges].reverse()))).toEqual(layout);
  });

  test('has a place for every service and a line for every edge', () => {
    expect([...layout.boxes.keys()].sort()).toEqual(graph.nodes.map(({ id }) => id));
    expect([...layout.routes.keys()].sort()).toEqual(edges.map(edgeId).sort());
  });

  test('lets no two boxes touch and keeps all of them inside', () => {
    const boxes = [...layout.boxes.values()];
    expect(
      boxes.filter((box, index) => boxes.slice(0, index).some((other) => touch(box, other))),
    ).toEqual([]);
    expect(boxes.filter((box) => !inside(box, layout))).toEqual([]);
  });

  test('starts and ends every line at the right boxes', () => {
    const wrong = graph.links.filter(({ id, from, to }) => {
      const route = layout.routes.get(id) ?? [];
      return (
        !onBorder(route[0], layout.boxes.get(from)) || !onBorder(route.at(-1), layout.boxes.get(to))
      );
    });
    expect(wrong).toEqual([]);
  });
});

test('a small map leads its lines around the boxes in between', () => {
  const layout = layoutMap(buildGraph(['a b', 'b c', 'a c'].map(pair)));
  const around = layout.routes.get('a~c~http') ?? [];
  const between = layout.boxes.get('b');
  expect(around.length).toBe(4);
  expect(around.filter(({ x, y }) => between !== undefined && isWithin(between, { x, y }))).toEqual(
    [],
  );
});

test('callers stand left of what they call, receivers of events right of the sender', () => {
  const layout = layoutMap(buildGraph(systems[3]?.[1] ?? []));
  const x = (id: string) => layout.boxes.get(id)?.x ?? Number.NaN;
  expect([x('storefront'), x('gateway'), x('orders')].toSorted((a, b) => a - b)).toEqual([
    x('storefront'),
    x('gateway'),
    x('orders'),
  ]);
  expect(x('shipping')).toBeGreaterThan(x('orders'));
});

test('an edge against the tiers is drawn in its own direction', () => {
  const graph = buildGraph(['a b', 'b c', 'c a'].map(pair));
  const back = findTiers(graph).links.find((link) => link.reversed);
  const layout = layoutMap(graph);
  const link = graph.links.find(({ id }) => id === back?.id);
  const route = layout.routes.get(link?.id ?? '') ?? [];
  expect(route[0]?.x).toBeGreaterThan(route.at(-1)?.x ?? Number.NaN);
});

test('many services stand in lanes about as wide as a screen', () => {
  const layout = layoutMap(buildGraph(manyEdges(500, 2000)));
  expect(layout.kind).toBe('lanes');
  expect(layout.width / layout.height).toBeGreaterThan(1);
  expect(layout.width / layout.height).toBeLessThan(4);
  expect(layoutMap(buildGraph(manyEdges(layeredLimit, 60))).kind).toBe('layers');
});

test('no two edges have the same name, whatever their services are called', () => {
  const names = [
    anEdge({ consumer: 'a~b', provider: 'c' }),
    anEdge({ consumer: 'a', provider: 'b~c' }),
  ];
  expect(new Set(names.map(edgeId)).size).toBe(2);
});

test('only the peer that no known edge names is virtual', () => {
  const graph = buildGraph([
    anEdge({ consumer: 'web', provider: 'shop' }),
    anEdge({ consumer: 'shop', provider: 'bank.example', virtual: true }),
    anEdge({ consumer: 'robot', provider: 'shop', virtual: true }),
  ]);
  expect(graph.nodes.filter((node) => node.virtual).map((node) => node.id)).toEqual([
    'bank.example',
    'robot',
  ]);
});

function pair(text: string): Edge {
  const [consumer = '', provider = ''] = text.split(' ');
  return anEdge({ consumer, provider });
}

function touch(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside(box: Box, layout: Layout): boolean {
  return (
    box.x >= 0 &&
    box.y >= 0 &&
    box.x + box.width <= layout.width &&
    box.y + box.height <= layout.height
  );
}

function onBorder(point: { x: number; y: number } | undefined, box: Box | undefined): boolean {
  if (point === undefined || box === undefined) return false;
  const across = point.x === box.x || point.x === box.x + box.width;
  const along = point.y === box.y && point.x > box.x && point.x < box.x + box.width;
  return along || (across && point.y >= box.y && point.y <= box.y + box.height);
}

function isWithin(box: Box, { x, y }: { x: number; y: number }): boolean {
  return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
}
