import { aSpan, randomId } from '../../acceptance/observed-traffic.ts';
import { type DriftCase, repeated } from './drift-case.ts';
import { aCart, events, orders, ordersAnd, sending } from './promises.ts';
import { inOldNames, shifted, skewed } from './telemetry.ts';

const TENTH = 'ot=th:e666666666668';

/** What looks like drift and is none: not one of these may be told. */
export const cleanVariations: readonly DriftCase[] = [
  { title: 'exactly what was promised', exports: (scene) => [scene.sees('GET /v1/orders/7')] },
  {
    title: 'an extra query parameter',
    exports: (scene) => [scene.sees('GET /v1/orders/7?debug=1')],
  },
  { title: 'a percent-encoded path', exports: (scene) => [scene.sees('GET /v1/%6Frders/7')] },
  {
    title: 'a redacted parameter',
    exports: (scene) => [scene.sees('GET /v1/stock?sku=REDACTED', { route: '/v1/stock' })],
  },
  {
    title: 'another value of a parameter that has only an example',
    exports: (scene) => [scene.sees('GET /v1/stock?sku=coffee', { route: '/v1/stock' })],
  },
  {
    title: 'a promised failure',
    exports: (scene) => [scene.sees('GET /v1/orders/9', { status: 404 })],
  },
  {
    title: 'an answer from a cache',
    exports: (scene) => [scene.sees('GET /v1/orders/9', { status: 304 })],
  },
  {
    title: 'a retry that is kept, in the same export',
    exports: (scene) => {
      const traceId = randomId(16);
      return [
        [
          ...scene.sees('GET /v1/orders/7', { status: 503, traceId }),
          ...scene.sees('GET /v1/orders/7', { traceId }),
        ],
      ];
    },
  },
  {
    title: 'a retry that is kept, in a later export',
    exports: (scene) => {
      const traceId = randomId(16);
      return [
        scene.sees('GET /v1/orders/7', { status: 500, traceId }),
        scene.sees('GET /v1/orders/7', { traceId }),
      ];
    },
  },
  {
    title: 'five retries of which the last is kept',
    exports: (scene) => {
      const traceId = randomId(16);
      return [
        repeated(5, () => scene.sees('GET /v1/orders/7', { status: 429, traceId })),
        scene.sees('GET /v1/orders/7', { traceId }),
      ];
    },
  },
  {
    title: 'a consumer version that tells no environment',
    exports: (scene) => [
      scene.sees('GET /v1/orders/7', {
        consumer: { name: scene.consumer.name, version: 'c1' },
      }),
    ],
  },
  {
    title: 'services that tell no version',
    exports: (scene) => [
      scene.sees('GET /v1/orders/7', {
        consumer: { name: scene.consumer.name, environment: 'production' },
        provider: { name: scene.provider.name, environment: 'production' },
      }),
    ],
  },
  {
    title: 'health checks and scrapes',
    exports: (scene) => [
      [
        ...scene.sees('GET /health', { route: '/health' }),
        ...scene.sees('GET /shop/healthz', { route: '/shop/healthz' }),
        ...scene.sees('GET /metrics', { route: '/metrics' }),
      ],
    ],
  },
  {
    title: 'a preflight',
    exports: (scene) => [scene.sees('OPTIONS /v1/carts/7', { status: 204 })],
  },
  {
    title: 'a scanner that finds no route',
    exports: (scene) => [scene.sees('GET /wp-login.php', { status: 404, route: '' })],
  },
  {
    title: 'halves that come late and in the wrong order',
    exports: (scene) => {
      const both = scene.sees('GET /v1/orders/7');
      return [both.slice(1), both.slice(0, 1)];
    },
  },
  {
    title: 'the same spans four times',
    exports: (scene) => {
      const both = scene.sees('GET /v1/orders/7');
      return [both, both, [...both, ...both]];
    },
  },
  {
    title: 'a request of which the caller is not known',
    exports: (scene) => [scene.sees('GET /v1/carts/7', { halves: ['server'] })],
  },
  {
    title: 'a peer outside that sends no spans',
    exports: (scene) => [
      scene.sees('GET /v1/carts/7', {
        halves: ['client'],
        provider: { name: 'api.payments.example' },
      }),
    ],
  },
  {
    title: 'anything in the environment test',
    exports: (scene) => [
      scene.sees('GET /v1/carts/7', {
        consumer: scene.sender('web', 'c9', 'test'),
        provider: scene.sender('shop', 'p9', 'test'),
      }),
    ],
  },
  {
    title: 'a provider under verification',
    exports: (scene) => [
      scene.sees('GET /v1/carts/7', {
        provider: { ...scene.provider, attributes: { 'concordat.verification': true } },
      }),
    ],
  },
  {
    title: 'a kept call of a provider whose clock goes wrong',
    exports: (scene) => [skewed(scene, 'GET /v1/orders/7', 7_200_000)],
  },
  {
    title: 'kept calls told an hour late',
    exports: (scene) => [shifted(scene.sees('GET /v1/orders/7'), -3_600_000)],
  },
  {
    title: 'kept calls at a sample rate of a tenth',
    exports: (scene) => [repeated(15, () => scene.sees('GET /v1/orders/7', { traceState: TENTH }))],
  },
  {
    title: 'a kept call in the names of older conventions',
    exports: (scene) => [inOldNames(scene.sees('GET /v1/orders/7'))],
  },
  {
    title: 'a promise that too few calls say anything about',
    exports: (scene) => [repeated(19, () => scene.sees('GET /v1/orders/7'))],
  },
  {
    title: 'a pact that grows before its calls come',
    given: (scene) => scene.publish(orders, { version: 'c2' }),
    exports: (scene) => [scene.sees('GET /v1/orders/7')],
  },
  {
    title: 'an old version that is just being replaced',
    given: (scene) => scene.record(scene.provider.name, 'p2'),
    exports: (scene) => [
      scene.sees('GET /v1/orders/7'),
      scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p2') }),
    ],
  },
  {
    title: 'a version that is recorded after it began to run',
    exports: (scene) => [scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p2') })],
    mended: {
      finds: { kind: 'unrecorded-version' },
      by: (scene) => scene.record(scene.provider.name, 'p2'),
    },
  },
  {
    title: 'a call that is promised after it was seen',
    exports: (scene) => [scene.sees('GET /v1/carts/7', { consumer: scene.sender('web', 'c1') })],
    mended: {
      finds: { kind: 'uncovered-call', operation: 'GET /v1/carts/{id}' },
      by: async (scene) => {
        await scene.publish(ordersAnd(aCart), { version: 'c2' });
        await scene.record(scene.consumer.name, 'c2');
      },
    },
  },
  {
    title: 'queries of a database',
    exports: (scene) => [
      [
        {
          sender: scene.provider,
          spans: [
            aSpan('client', {
              traceId: randomId(16),
              spanId: randomId(8),
              attributes: {
                'db.system.name': 'postgresql',
                'db.operation.name': 'SELECT',
                'db.namespace': 'orders',
                'server.address': 'db.internal',
              },
            }),
          ],
        },
      ],
    ],
  },
  {
    title: 'a remote procedure that no pact can describe',
    exports: (scene) => [
      [
        {
          sender: scene.provider,
          spans: [
            aSpan('client', {
              traceId: randomId(16),
              spanId: randomId(8),
              attributes: {
                'rpc.system': 'grpc',
                'rpc.service': 'stock.Stock',
                'rpc.method': 'Reserve',
                'server.address': 'stock.internal',
              },
            }),
          ],
        },
      ],
    ],
  },
  {
    title: 'a service that calls itself',
    exports: (scene) => [scene.sees('GET /v1/carts/7', { consumer: scene.provider })],
  },
  {
    title: 'two services that no contract knows',
    exports: (scene) => [
      scene.sees('GET /v1/carts/7', {
        consumer: scene.sender('stranger', '1'),
        provider: scene.sender('other stranger', '1'),
      }),
    ],
  },
  {
    title: 'a promised and declared event',
    pact: events,
    given: (scene) => scene.publishDocument(sending('order.placed')),
    exports: (scene) => [repeated(5, () => scene.receives('order.placed'))],
  },
  {
    title: 'an event of a sender that declares nothing',
    pact: events,
    exports: (scene) => [scene.receives('order.placed')],
  },
  {
    title: 'an event that comes twice',
    pact: events,
    exports: (scene) => {
      const both = scene.receives('order.placed');
      return [both, both.slice(1)];
    },
  },
  {
    title: 'a declared event that too few others say anything about',
    pact: events,
    given: (scene) => scene.publishDocument(sending('order.placed', 'order.paid')),
    exports: (scene) => [repeated(5, () => scene.receives('order.placed'))],
  },
];
