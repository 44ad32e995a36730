import { type DriftCase, repeated } from './drift-case.ts';
import { inOldNames, shifted, skewed } from './telemetry.ts';

const cart =
  (more: object = {}) =>
  () => [{ kind: 'uncovered-call' as const, operation: 'GET /v1/carts/{id}', ...more }];
/** Nine of ten traces are dropped: the threshold of a rate of a tenth. */
const TENTH = 'ot=th:e666666666668';

/** One true drift (a new route) as imperfect telemetry tells it. */
export const telemetryDrift: readonly DriftCase[] = [
  {
    title: 'a new route at a sample rate of a tenth',
    exports: (scene) => [repeated(3, () => scene.sees('GET /v1/carts/7', { traceState: TENTH }))],
    finds: cart({ count: 30 }),
  },
  {
    title: 'a new route, every span twice',
    exports: (scene) => {
      const both = scene.sees('GET /v1/carts/7');
      return [both, both, [...both, ...both]];
    },
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route of a provider whose clock is an hour late',
    exports: (scene) => [skewed(scene, 'GET /v1/carts/7', -3_600_000)],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route of a provider whose clock is a day ahead',
    exports: (scene) => [skewed(scene, 'GET /v1/carts/7', 86_400_000)],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route told ten minutes late',
    exports: (scene) => [shifted(scene.sees('GET /v1/carts/7'), -600_000)],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route of which the answer comes before the call',
    exports: (scene) => {
      const [client, server] = scene.sees('GET /v1/carts/7');
      return [server === undefined ? [] : [server], client === undefined ? [] : [client]];
    },
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route of which the provider tells nothing',
    exports: (scene) => [scene.sees('GET /v1/carts/7', { halves: ['client'] })],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new status of which the provider tells nothing',
    exports: (scene) => [scene.sees('GET /v1/orders/7', { halves: ['client'], status: 403 })],
    finds: () => [{ kind: 'unpromised-status', operation: 'GET /v1/orders/{id}' }],
  },
  {
    title: 'a new route in the names of older conventions',
    exports: (scene) => [inOldNames(scene.sees('GET /v1/carts/7'))],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route that no framework names',
    exports: (scene) => [scene.sees('GET /v1/carts/7', { route: '' })],
    finds: cart({ count: 1 }),
  },
  {
    title: 'a new route among a thousand kept calls',
    exports: (scene) => [
      [
        ...repeated(1000, () => scene.sees('GET /v1/stock?sku=tea', { route: '/v1/stock' })),
        ...scene.sees('GET /v1/carts/7'),
      ],
    ],
    finds: () => [
      { kind: 'uncovered-call', operation: 'GET /v1/carts/{id}', count: 1 },
      ...['GET /v1/orders/{id}', 'POST /v1/orders', 'GET /v1/items'].map((operation) => ({
        kind: 'not-seen' as const,
        operation,
      })),
    ],
  },
  {
    title: 'a new route under a name that an alias gives',
    given: (scene) =>
      scene
        .ask('POST', '/insights/aliases', {
          service: `${scene.name} web-svc`,
          pacticipant: scene.consumer.name,
        })
        .then(() => undefined),
    exports: (scene) => [
      scene.sees('GET /v1/carts/7', { consumer: scene.sender('web-svc', 'c1') }),
    ],
    finds: (scene) => [{ kind: 'uncovered-call', consumer: scene.consumer.name }],
  },
];
