import { describe, expect, test } from 'vitest';
import { manyEdges } from '../testing/many-edges.ts';
import { anEdge } from '../testing/samples.tsx';
import { drawLine, placeBadges } from './edge-line.ts';
import { usageWords } from './edge-panel.tsx';
import { sortEdges } from './edge-table.tsx';
import { buildGraph } from './graph.ts';
import { layoutMap } from './layout.ts';
import { environmentsOf, filterEdges, readMapFilter } from './map-filter.ts';
import { composeScene, edgeCaption, stepEdge } from './map-scene.ts';
import { showingWords } from './map-view.tsx';
import { dragStep } from './use-pan-zoom.ts';
import { boundsOf, fitViewport, panViewport, viewportTransform, zoomViewport } from './viewport.ts';

const scene = (edges: ReturnType<typeof manyEdges>) => {
  const graph = buildGraph(edges);
  return composeScene(graph, layoutMap(graph));
};

describe('a scene', () => {
  test('says in words what every edge and service is', () => {
    const { edges, nodes, dense } = scene([
      anEdge({ findings: 2, state: 'drift' }),
      anEdge({
        consumer: 'mail',
        provider: 'shop',
        transport: 'message',
        calls: 1,
        errorRate: 0,
        latency: null,
      }),
      anEdge({
        consumer: 'shop',
        provider: 'bank.example',
        virtual: true,
        state: 'uncontracted',
        errorRate: 0,
      }),
    ]);
    expect(edges.map((mark) => mark.words).toSorted()).toEqual([
      'mail to shop by events: Kept; 1 call, no findings',
      'shop to bank.example over HTTP: Uncontracted; 1,200 calls, p95 31 ms, no findings. Sends no spans and is known by no contract: its name is a guess',
      'web to shop over HTTP: Drift; 1,200 calls with 0.25 % failed, p95 31 ms, 2 findings',
    ]);
    expect(nodes.map(({ id, words }) => `${id}: ${words}`)).toEqual([
      'bank.example: no spans, name guessed',
      'mail: 1 provider',
      'shop: 2 consumers · 1 provider',
      'web: 1 provider',
    ]);
    expect(dense).toBe(false);
  });

  test('knows databases and remote procedures from services', () => {
    const { nodes, edges } = scene([
      anEdge({ consumer: 'shop', provider: 'orders-db', transport: 'database', virtual: true }),
      anEdge({ consumer: 'shop', provider: 'maps', transport: 'rpc', virtual: true }),
      anEdge({ consumer: 'shop', provider: 'search', transport: 'database' }),
      anEdge({ consumer: 'web', provider: 'search' }),
    ]);
    expect(nodes.map(({ id, kind, words }) => `${id} ${kind}: ${words}`)).toEqual([
      'maps rpc: remote procedures',
      'orders-db database: database',
      'search service: 2 consumers',
      'shop service: 3 providers',
      'web service: 1 provider',
    ]);
    expect(edges.map(({ words }) => words)).toContainEqual(
      expect.stringContaining('shop to orders-db as a database: Not judged; 1,200 calls'),
    );
  });

  test.each([
    ['http', {}, ['1.33 / s', 'p95 31 ms', '0.25 % failed']],
    ['message', { errorRate: 0 }, ['event · 1.33 / s', 'p95 31 ms']],
    ['database', { errorRate: 0, latency: null, calls: 15 }, ['database · 1 / min']],
    ['http', { calls: 0 }, []],
    ['rpc', undefined, ['RPC']],
    ['http', { errorRate: 0.5, latency: null }, ['1.33 / s', '50 % failed']],
  ] as const)('captions an edge over %s with the figures %j of late by %j', (...given) => {
    const [transport, recent, lines] = given;
    const late = recent === undefined ? undefined : anEdge({ transport, ...recent });
    expect(edgeCaption(anEdge({ transport }), late)).toEqual(lines);
  });

  test('walks its edges from left to right', () => {
    const places = scene(manyEdges(20, 40)).edges.map((mark) => mark.badge.x);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('keeps badges of a small map apart', () => {
    const badges = scene(manyEdges(15, 22)).edges.map((mark) => mark.badge);
    const near = badges.filter((a, index) =>
      badges.slice(0, index).some((b) => Math.hypot(a.x - b.x, a.y - b.y) < 12),
    );
    expect(near).toEqual([]);
  });

  test('leaves the second line of services and most signs out when it is dense', () => {
    const large = scene(manyEdges(500, 2000));
    expect(large.dense).toBe(true);
    expect(large.edges.length).toBe(2000);
    expect(large.nodes.every(({ words }) => words === '')).toBe(true);
    expect(large.edges.every(({ path }) => path.startsWith('M'))).toBe(true);
  });
});

describe('a line', () => {
  test('points its arrow into the box it reaches', () => {
    expect(
      drawLine([
        { x: 0, y: 0 },
        { x: 100, y: 40 },
      ]),
    ).toEqual({
      path: 'M0 0C50 0 50 40 100 40',
      arrow: 'M100 40l-9 -4.5v9z',
    });
    expect(
      drawLine([
        { x: 100, y: 0 },
        { x: 0, y: 40 },
      ]).arrow,
    ).toBe('M0 40l9 -4.5v9z');
  });

  test('within a column swings out and comes back', () => {
    expect(
      drawLine([
        { x: 10, y: 0 },
        { x: 10, y: 90 },
      ]),
    ).toEqual({
      path: 'M10 0C66 0 66 90 10 90',
      arrow: 'M10 90l9 -4.5v9z',
    });
  });

  test('to the service itself ends from above', () => {
    const loop = [
      { x: 70, y: 50 },
      { x: 70, y: 30 },
      { x: 30, y: 30 },
      { x: 30, y: 50 },
    ];
    expect(drawLine(loop).arrow).toBe('M30 50l-4.5 -9h9z');
  });

  test('without points draws nothing', () => {
    expect(drawLine([])).toEqual({ path: '', arrow: '' });
  });

  test('gets a badge elsewhere when its middle is taken', () => {
    const route = [
      { x: 0, y: 0 },
      { x: 200, y: 0 },
    ];
    const [first, second] = placeBadges([route, route]);
    expect(first).toEqual({ x: 100, y: 0 });
    expect(Math.abs((second?.x ?? 0) - 100)).toBeGreaterThanOrEqual(26);
  });

  test('gets its middle when no place is free', () => {
    const route = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
    ];
    expect(placeBadges([route, route]).map(({ x }) => x)).toEqual([5, 5]);
  });
});

test.each([
  ['ArrowRight', '', 'a'],
  ['ArrowLeft', '', 'c'],
  ['ArrowDown', 'a', 'b'],
  ['ArrowRight', 'c', 'a'],
  ['ArrowUp', 'a', 'c'],
  ['Enter', 'a', undefined],
])('%s on edge %j comes to %j', (key, current, next) => {
  expect(stepEdge(['a', 'b', 'c'], current, key)).toBe(next);
  expect(stepEdge([], current, key)).toBeUndefined();
});

describe('the filter', () => {
  const edges = [
    anEdge(),
    anEdge({ consumer: 'Gateway', provider: 'orders', state: 'drift', environments: ['staging'] }),
    anEdge({ consumer: 'orders', provider: 'payments', findings: 1 }),
    anEdge({ consumer: 'mail', provider: 'orders', state: 'unused', environments: [] }),
  ];
  const names = (query: string) =>
    filterEdges(edges, readMapFilter(new URLSearchParams(query))).map(
      (edge) => `${edge.consumer} ${edge.provider}`,
    );

  test.each([
    ['', ['web shop', 'Gateway orders', 'orders payments', 'mail orders']],
    ['q=GATE', ['Gateway orders']],
    ['q=%20pay%20', ['orders payments']],
    ['problems=1', ['Gateway orders', 'orders payments']],
    ['focus=payments', ['orders payments']],
    ['focus=orders&problems=1&q=gateway', ['Gateway orders']],
    ['q=nothing', []],
  ])('%j lets these through', (query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  test('says how many edges it shows of how many', () => {
    expect(showingWords(edges, edges)).toBe('Showing all 4 edges between 6 services.');
    expect(showingWords(edges.slice(1, 2), edges)).toBe('Showing 1 of 4 edges between 2 services.');
  });

  test('offers every environment once, sorted', () => {
    expect(environmentsOf(edges)).toEqual(['production', 'staging']);
  });
});

test('the table starts with the worst', () => {
  const rows = sortEdges([
    anEdge(),
    anEdge({ consumer: 'b', state: 'drift' }),
    anEdge({ consumer: 'a', state: 'drift', findings: 3 }),
    anEdge({ consumer: 'c', state: 'verification-failed' }),
  ]);
  expect(rows.map((edge) => edge.consumer)).toEqual(['c', 'a', 'b', 'web']);
});

test('the panel says what is known of promises that were not used', () => {
  expect(usageWords(anEdge({ promised: 0 }))).toBe('–');
  expect(usageWords(anEdge({ promised: 6, used: 3, notSeen: 1, noEvidence: 2 }))).toBe(
    '3 of 6, 1 not seen, 2 without evidence',
  );
});

describe('the viewport', () => {
  const stage = { width: 1000, height: 500 };

  test('fits content into the stage, centred, without blowing small maps up', () => {
    expect(fitViewport({ x: 0, y: 0, width: 2000, height: 500 }, stage)).toEqual({
      scale: 0.5,
      x: 0,
      y: 125,
    });
    expect(fitViewport({ x: 100, y: 0, width: 100, height: 100 }, stage).scale).toBe(1.15);
    expect(fitViewport({ x: 0, y: 0, width: 0, height: 0 }, stage)).toEqual({
      x: 0,
      y: 0,
      scale: 1,
    });
  });

  test('keeps the point under the pointer when it zooms, within limits', () => {
    const before = { x: 10, y: 20, scale: 1 };
    const after = zoomViewport(before, 2, { x: 110, y: 220 });
    expect(after).toEqual({ x: -90, y: -180, scale: 2 });
    expect(zoomViewport(before, 1000, { x: 0, y: 0 }).scale).toBe(2.5);
    expect(zoomViewport(before, 0.0001, { x: 0, y: 0 }).scale).toBe(0.08);
  });

  test('pans and is written as a CSS transform', () => {
    expect(viewportTransform(panViewport({ x: 1, y: 2, scale: 0.5 }, 3, 4))).toBe(
      'translate(4.00px, 6.00px) scale(0.5000)',
    );
  });

  test('bounds boxes with room around them', () => {
    const boxes = [
      { x: 10, y: 10, width: 20, height: 10 },
      { x: 50, y: 40, width: 20, height: 10 },
    ];
    expect(boundsOf(boxes, 5)).toEqual({ x: 5, y: 5, width: 70, height: 50 });
    expect(boundsOf([], 5)).toBeUndefined();
  });
});

test.each([
  [
    'a released pointer',
    { down: false, far: false },
    { clientX: 90, clientY: 0, buttons: 1 },
    undefined,
  ],
  [
    'a pointer without its first button',
    { down: true, far: true },
    { clientX: 90, clientY: 0, buttons: 2 },
    undefined,
  ],
  ['a tremble', { down: true, far: false }, { clientX: 2, clientY: 2, buttons: 1 }, undefined],
  ['a drag', { down: true, far: false }, { clientX: 4, clientY: 3, buttons: 1 }, { x: 4, y: 3 }],
  [
    'a drag that goes on',
    { down: true, far: true },
    { clientX: 1, clientY: 0, buttons: 1 },
    { x: 1, y: 0 },
  ],
])('%s moves the map by its distance', (...[, drag, event, step]) => {
  expect(dragStep({ x: 0, y: 0, ...drag }, event)).toEqual(step);
});
