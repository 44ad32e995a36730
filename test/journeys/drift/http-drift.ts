import { randomId } from '../../acceptance/observed-traffic.ts';
import { type DriftCase, repeated } from './drift-case.ts';
import { aCart, ordersAnd, ordersRead } from './promises.ts';

const uncovered =
  (operation: string, words = operation) =>
  () => [{ kind: 'uncovered-call' as const, operation, words }];
const unpromised = (operation: string, words: string) => () => [
  { kind: 'unpromised-status' as const, operation, words },
];

/** Requests and answers that no pact promises. */
export const httpDrift: readonly DriftCase[] = [
  {
    title: 'a new route',
    exports: (scene) => [scene.sees('GET /v1/carts/7')],
    finds: uncovered('GET /v1/carts/{id}', 'which none of its pacts promises'),
  },
  {
    title: 'another method on a promised path',
    exports: (scene) => [scene.sees('DELETE /v1/orders/7', { status: 204 })],
    finds: uncovered('DELETE /v1/orders/{id}'),
  },
  {
    title: 'a path that breaks its pattern',
    exports: (scene) => [scene.sees('GET /v1/orders/latest')],
    finds: uncovered('GET /v1/orders/{id}', 'Add an interaction for it'),
  },
  {
    title: 'the next version of a route',
    exports: (scene) => [scene.sees('GET /v2/orders/7')],
    finds: uncovered('GET /v2/orders/{id}'),
  },
  {
    title: 'a deeper path',
    exports: (scene) => [scene.sees('GET /v1/orders/7/lines', { route: '/v1/orders/:id/lines' })],
    finds: uncovered('GET /v1/orders/{id}/lines'),
  },
  {
    title: 'a request without the promised parameter',
    exports: (scene) => [scene.sees('GET /v1/stock', { route: '/v1/stock' })],
    finds: uncovered('GET /v1/stock'),
  },
  {
    title: 'a renamed parameter',
    exports: (scene) => [scene.sees('GET /v1/items?pg=1', { route: '/v1/items' })],
    finds: uncovered('GET /v1/items'),
  },
  {
    title: 'a parameter that breaks its rule',
    exports: (scene) => [scene.sees('GET /v1/items?page=last', { route: '/v1/items' })],
    finds: uncovered('GET /v1/items'),
  },
  {
    title: 'an uncovered call ten times',
    exports: (scene) => [repeated(10, () => scene.sees('GET /v1/carts/7'))],
    finds: () => [{ kind: 'uncovered-call', operation: 'GET /v1/carts/{id}', count: 10 }],
  },
  {
    title: 'two new routes',
    exports: (scene) => [scene.sees('GET /v1/carts/7'), scene.sees('PUT /v1/wishes/7')],
    finds: () => [
      { kind: 'uncovered-call', operation: 'GET /v1/carts/{id}' },
      { kind: 'uncovered-call', operation: 'PUT /v1/wishes/{id}' },
    ],
  },
  {
    title: 'a new client error',
    exports: (scene) => [scene.sees('POST /v1/orders', { status: 402, route: '/v1/orders' })],
    finds: unpromised('POST /v1/orders', 'answers 402'),
  },
  {
    title: 'another success',
    exports: (scene) => [scene.sees('POST /v1/orders', { status: 200, route: '/v1/orders' })],
    finds: unpromised('POST /v1/orders', 'promises only 201'),
  },
  {
    title: 'a redirect where an answer was promised',
    exports: (scene) => [scene.sees('POST /v1/orders', { status: 302, route: '/v1/orders' })],
    finds: unpromised('POST /v1/orders', 'answers 302'),
  },
  {
    title: 'several new statuses of one operation',
    exports: (scene) => [
      [
        ...scene.sees('GET /v1/orders/7', { status: 403 }),
        ...scene.sees('GET /v1/orders/8', { status: 410 }),
      ],
    ],
    finds: () => [
      {
        kind: 'unpromised-status',
        operation: 'GET /v1/orders/{id}',
        count: 2,
        words: 'answers 403 and 410',
      },
    ],
  },
  {
    title: 'a route that is gone',
    exports: (scene) => [scene.sees('GET /v1/stock?sku=tea', { status: 404, route: '/v1/stock' })],
    finds: unpromised('GET /v1/stock', 'answers 404'),
  },
  {
    title: 'a server error that no retry makes good',
    exports: (scene) => [scene.sees('GET /v1/orders/7', { status: 500 })],
    finds: unpromised('GET /v1/orders/{id}', 'answers 500'),
  },
  {
    title: 'a storm of retries that all fail',
    exports: (scene) => {
      const traceId = randomId(16);
      return [repeated(15, () => scene.sees('GET /v1/orders/7', { status: 503, traceId }))];
    },
    finds: unpromised('GET /v1/orders/{id}', 'answers 503'),
  },
  {
    title: 'an operation that never answers as promised, which is in use all the same',
    pact: ordersRead,
    exports: (scene) => [
      repeated(25, () => scene.sees('POST /v1/orders', { status: 503, route: '/v1/orders' })),
    ],
    finds: () => [
      { kind: 'unpromised-status', operation: 'POST /v1/orders', count: 25 },
      { kind: 'not-seen', operation: 'GET /v1/orders/{id}' },
    ],
  },
  {
    title: 'a limit that refuses',
    exports: (scene) => [scene.sees('POST /v1/orders', { status: 429, route: '/v1/orders' })],
    finds: unpromised('POST /v1/orders', 'answers 429'),
  },
  {
    title: 'an operation nobody uses while others are busy',
    pact: ordersRead,
    exports: (scene) => [repeated(25, () => scene.sees('GET /v1/orders/7'))],
    finds: () => [
      { kind: 'not-seen', operation: 'POST /v1/orders', count: 0, words: 'none of the last 25' },
    ],
  },
  {
    title: 'a pact that was narrowed while the old calls go on',
    given: async (scene) => {
      await scene.publish(ordersRead, { version: 'c2' });
      await scene.record(scene.consumer.name, 'c2');
    },
    exports: (scene) => [
      scene.sees('GET /v1/stock?sku=tea', {
        ...{ route: '/v1/stock', consumer: scene.sender('web', 'c2') },
      }),
    ],
    finds: uncovered('GET /v1/stock'),
  },
  {
    title: 'an older consumer version that calls what only its successor promises',
    given: async (scene) => {
      await scene.publish(ordersAnd(aCart), { version: 'c2' });
    },
    exports: (scene) => [scene.sees('GET /v1/carts/7')],
    finds: uncovered('GET /v1/carts/{id}'),
  },
  {
    title: 'a second consumer without a pact',
    given: async (scene) => {
      const other = scene.sender('app', 'a1');
      await scene.publish(ordersRead, {
        consumer: other.name,
        provider: `${scene.name} elsewhere`,
        version: 'a1',
      });
      await scene.record(other.name, 'a1');
    },
    exports: (scene) => [scene.sees('GET /v1/orders/7', { consumer: scene.sender('app', 'a1') })],
    finds: (scene) => [
      {
        kind: 'uncovered-call',
        consumer: `${scene.name} app`,
        words: 'without any pact between the two',
      },
    ],
  },
  {
    title: 'a consumer that no contract knows',
    exports: (scene) => [
      scene.sees('GET /v1/orders/7', { consumer: scene.sender('stranger', '1') }),
    ],
    finds: (scene) => [{ kind: 'unknown-consumer', consumer: `${scene.name} stranger` }],
  },
  {
    title: 'a provider that no contract knows',
    exports: (scene) => [scene.sees('GET /v1/x/7', { provider: scene.sender('stranger', '1') })],
    finds: (scene) => [{ kind: 'unknown-provider', provider: `${scene.name} stranger` }],
  },
  {
    title: 'a provider that calls its consumer back',
    exports: (scene) => [
      scene.sees('POST /v1/hooks/7', { consumer: scene.provider, provider: scene.consumer }),
    ],
    finds: uncovered('POST /v1/hooks/{id}', 'without any pact between the two'),
  },
  {
    title: 'a new route in one of two environments',
    exports: (scene) => {
      const [consumer, provider] = [
        scene.sender('web', 'c1', 'trial'),
        scene.sender('shop', 'p1', 'trial'),
      ];
      return [
        scene.sees('GET /v1/orders/7'),
        scene.sees('GET /v1/carts/7', { consumer, provider }),
      ];
    },
    finds: () => [{ kind: 'uncovered-call', environment: 'trial', count: 1 }],
  },
];
