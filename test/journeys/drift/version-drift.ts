import { type DriftCase, repeated } from './drift-case.ts';
import { anOrder } from './promises.ts';

/** What runs where against what was recorded. */
export const versionDrift: readonly DriftCase[] = [
  {
    title: 'a provider version that was never recorded',
    exports: (scene) => [scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p2') })],
    finds: (scene) => [{ kind: 'unrecorded-version', provider: scene.provider.name, words: 'p2' }],
  },
  {
    title: 'a consumer version that was never recorded',
    exports: (scene) => [scene.sees('GET /v1/orders/7', { consumer: scene.sender('web', 'c2') })],
    finds: (scene) => [{ kind: 'unrecorded-version', provider: scene.consumer.name, words: 'c2' }],
  },
  {
    title: 'two versions at once that were never recorded',
    exports: (scene) => [
      scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p2') }),
      scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p3') }),
    ],
    finds: (scene) => [{ kind: 'unrecorded-version', provider: scene.provider.name, words: 'p2' }],
  },
  {
    title: 'a version in the wrong environment',
    given: (scene) => scene.record(`${scene.name} other`, 'o1', 'staging'),
    exports: (scene) => [
      scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p1', 'staging') }),
    ],
    finds: (scene) => [
      {
        kind: 'unrecorded-version',
        provider: scene.provider.name,
        environment: 'staging',
      },
    ],
  },
  {
    title: 'an old version that still runs after it was replaced',
    pact: anOrder,
    given: (scene) => scene.record(scene.provider.name, 'p2'),
    exports: (scene) => [
      repeated(25, () => scene.sees('GET /v1/orders/7')),
      scene.sees('GET /v1/orders/7', { provider: scene.sender('shop', 'p2') }),
    ],
    finds: (scene) => [{ kind: 'unrecorded-version', provider: scene.provider.name, words: 'p1' }],
  },
  {
    title: 'a recorded version that sends nothing while the one before still does',
    pact: anOrder,
    given: (scene) => scene.record(scene.provider.name, 'p2'),
    exports: (scene) => [repeated(25, () => scene.sees('GET /v1/orders/7'))],
    finds: (scene) => [
      { kind: 'unrecorded-version', provider: scene.provider.name, words: 'p1' },
      { kind: 'silent-version', provider: scene.provider.name, words: 'p2' },
    ],
  },
  {
    title: 'a recorded consumer version that calls nothing',
    pact: anOrder,
    given: (scene) => scene.record(scene.consumer.name, 'c2'),
    exports: (scene) => [repeated(25, () => scene.sees('GET /v1/orders/7'))],
    finds: (scene) => [
      { kind: 'unrecorded-version', provider: scene.consumer.name, words: 'c1' },
      { kind: 'silent-version', provider: scene.consumer.name, words: 'c2' },
    ],
  },
];
