import { describe, expect, test } from 'vitest';
import { anInteraction, aSpan, aTrace } from '../testing/samples.tsx';
import { fitWords } from './promise-card.tsx';
import { fitPromise, type PromiseFit } from './promise-fit.ts';
import { buildSpanTree } from './span-tree.ts';
import type { Tag } from './trace.ts';
import { callOfRow, callsOf, exchangeWords, type TraceExchange } from './trace-calls.ts';

const tree = buildSpanTree(
  aTrace([
    aSpan(1, { service: 'web' }),
    aSpan(2, { parent: 1, service: 'web', kind: 'client' }),
    aSpan(3, {
      parent: 2,
      service: 'orders',
      tags: [
        ['http.request.method', 'get'],
        ['url.path', '/orders/7'],
        ['http.response.status_code', '200'],
      ],
    }),
    aSpan(4, { parent: 3, service: 'orders', kind: 'producer' }),
    aSpan(5, {
      parent: 4,
      service: 'mail',
      kind: 'consumer',
      tags: [['messaging.rabbitmq.destination.routing_key', 'order.placed']],
    }),
    aSpan(6, { parent: 3, service: 'orders', kind: 'client' }),
  ]),
);

describe('the calls of a trace', () => {
  test('are where it goes from one service to another; of an event the receiver is the consumer', () => {
    expect(callsOf(tree)).toEqual([
      {
        consumer: 'web',
        provider: 'orders',
        from: 1,
        to: 2,
        exchange: { kind: 'http', method: 'GET', path: '/orders/7', status: 200 },
      },
      {
        consumer: 'mail',
        provider: 'orders',
        from: 3,
        to: 4,
        exchange: { kind: 'message', event: 'order.placed' },
      },
    ]);
  });

  test.each([
    [0, undefined],
    [1, 2],
    [2, 2],
    [3, 4],
    [4, 4],
    [5, undefined],
  ])('of row %i is the one answered in row %j', (row, to) => {
    expect(callOfRow(tree, row)?.to).toBe(to);
  });

  test.each<[string, readonly Tag[], string]>([
    [
      'outdated names',
      [
        ['http.method', 'POST'],
        ['http.target', '/a?b=c'],
        ['http.status_code', '201'],
      ],
      'POST /a → 201',
    ],
    [
      'a whole address',
      [
        ['http.request.method', 'GET'],
        ['url.full', 'http://orders:80/a/b?c'],
      ],
      'GET /a/b → no answer',
    ],
    [
      'an address that is none',
      [
        ['http.request.method', 'GET'],
        ['url.full', ':nonsense'],
      ],
      'the spans do not say what was asked',
    ],
    ['no method', [['url.path', '/a']], 'the spans do not say what was asked'],
  ])('are read from %s', (_, tags, words) => {
    const spans = [aSpan(1, { service: 'a' }), aSpan(2, { parent: 1, service: 'b', tags })];
    const [call] = callsOf(buildSpanTree(aTrace(spans)));
    expect(exchangeWords(call?.exchange ?? { kind: 'unknown' })).toBe(words);
  });

  test('of messages without a name cannot be told', () => {
    const spans = [
      aSpan(1, { service: 'a', kind: 'producer' }),
      aSpan(2, { parent: 1, service: 'b' }),
      aSpan(3, { parent: 1, service: 'c', tags: [['messaging.destination', 'jobs']] }),
    ];
    const calls = callsOf(buildSpanTree(aTrace(spans)));
    expect(calls.map(({ exchange }) => exchangeWords(exchange))).toEqual([
      'the spans do not say what was asked',
      'send jobs',
    ]);
  });
});

const http = (method: string, path: string, status?: number): TraceExchange => ({
  kind: 'http',
  method,
  path,
  status,
});
const promises = [
  anInteraction({ description: 'one', operation: 'GET /orders/{id}', status: 200 }),
  anInteraction({ description: 'none', operation: 'GET /orders/{id}', status: 404 }),
  anInteraction({ description: 'mine', operation: 'GET /orders/mine', status: 200 }),
  anInteraction({ description: 'odd', operation: 'GET /a b/{x}.pdf', status: 200 }),
  anInteraction({ description: 'placed', operation: 'send order.placed', transport: 'message' }),
];

describe('the promise of a call', () => {
  test.each<[TraceExchange, string, readonly string[]]>([
    [http('GET', '/orders/7', 200), 'promised', ['one']],
    [http('GET', '/orders/7', 404), 'promised', ['none']],
    [http('GET', '/orders/mine', 200), 'promised', ['mine']],
    [http('GET', '/orders/7/', 500), 'other-status', ['one', 'none']],
    [http('GET', '/orders/7'), 'other-status', ['one', 'none']],
    [http('POST', '/orders/7', 200), 'uncovered', []],
    [http('GET', '/orders/7/lines', 200), 'uncovered', []],
    [http('GET', '/a%20b/7.pdf', 200), 'promised', ['odd']],
    [http('GET', '/a%2/7.pdf', 200), 'uncovered', []],
    [{ kind: 'message', event: 'order.placed' }, 'promised', ['placed']],
    [{ kind: 'message', event: 'order.lost' }, 'uncovered', []],
    [{ kind: 'unknown' }, 'unknown', []],
  ])('%j is %s by %j', (exchange, kind, descriptions) => {
    const fit = fitPromise(exchange, promises);
    expect(fit.kind).toBe(kind);
    expect('interactions' in fit ? fit.interactions.map((one) => one.description) : []).toEqual(
      descriptions,
    );
  });

  test('without any pact is no promise at all', () => {
    expect(fitPromise(http('GET', '/', 200), [])).toEqual({ kind: 'no-pact' });
  });

  test.each<[PromiseFit, string]>([
    [{ kind: 'promised', interactions: promises.slice(0, 1) }, 'the call used this promise'],
    [{ kind: 'promised', interactions: promises }, 'cannot tell apart 5 promises'],
    [{ kind: 'other-status', interactions: promises }, 'this status is not'],
    [{ kind: 'uncovered' }, 'Add an interaction to the pact of web'],
    [{ kind: 'no-pact' }, 'web has no pact with orders'],
    [{ kind: 'unknown' }, 'neither method and path'],
  ])('%j is explained', (fit, words) => {
    const [call] = callsOf(tree);
    if (call === undefined) throw new Error('no call');
    expect(fitWords(fit, call)).toContain(words);
  });
});
