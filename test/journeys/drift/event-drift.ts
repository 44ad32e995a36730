import { type DriftCase, repeated } from './drift-case.ts';
import { anEvent, events, promises, sending, twoEvents } from './promises.ts';

const lost = () => [
  { kind: 'uncovered-call' as const, operation: 'send order.lost', words: 'receives order.lost' },
];

/** Events that no pact and no AsyncAPI document knows, and those they know and nobody sends. */
export const eventDrift: readonly DriftCase[] = [
  {
    title: 'an event that no pact promises',
    pact: events,
    exports: (scene) => [scene.receives('order.lost')],
    finds: lost,
  },
  {
    title: 'a renamed event',
    pact: events,
    exports: (scene) => [repeated(20, () => scene.receives('order.created'))],
    finds: () => [
      { kind: 'uncovered-call', operation: 'send order.created', count: 20 },
      { kind: 'not-seen', operation: 'send order.placed' },
    ],
  },
  {
    title: 'an event nobody sends while others are busy',
    pact: twoEvents,
    exports: (scene) => [repeated(20, () => scene.receives('order.placed'))],
    finds: () => [{ kind: 'not-seen', operation: 'send order.lost' }],
  },
  {
    title: 'an event that the sender does not declare',
    pact: twoEvents,
    given: (scene) => scene.publishDocument(sending('order.placed')),
    exports: (scene) => [scene.receives('order.placed'), scene.receives('order.lost')],
    finds: () => [{ kind: 'undeclared-event', operation: 'send order.lost' }],
  },
  {
    title: 'an event that is neither promised nor declared',
    pact: events,
    given: (scene) => scene.publishDocument(sending('order.placed')),
    exports: (scene) => [scene.receives('order.placed'), scene.receives('order.lost')],
    finds: () => [...lost(), { kind: 'undeclared-event', operation: 'send order.lost' }],
  },
  {
    title: 'a declared event that is never sent',
    pact: events,
    given: (scene) => scene.publishDocument(sending('order.placed', 'order.paid')),
    exports: (scene) => [repeated(25, () => scene.receives('order.placed'))],
    finds: () => [{ kind: 'silent-event', operation: 'send order.paid' }],
  },
  {
    title: 'a declaration that was taken back while the event goes on',
    pact: twoEvents,
    given: async (scene) => {
      await scene.publishDocument(sending('order.placed', 'order.lost'));
      await scene.publishDocument(sending('order.placed'), 'p2');
      await scene.record(scene.provider.name, 'p2');
    },
    exports: (scene) => [scene.receives('order.lost', { provider: scene.sender('shop', 'p2') })],
    finds: () => [{ kind: 'undeclared-event', operation: 'send order.lost' }],
  },
  {
    title: 'a receiver that no contract knows',
    pact: events,
    exports: (scene) => [
      scene.receives('order.placed', { consumer: scene.sender('stranger', '1') }),
    ],
    finds: (scene) => [{ kind: 'unknown-consumer', consumer: `${scene.name} stranger` }],
  },
  {
    title: 'a sender that no contract knows',
    pact: events,
    exports: (scene) => [
      scene.receives('order.placed', { provider: scene.sender('stranger', '1') }),
    ],
    finds: (scene) => [{ kind: 'unknown-provider', provider: `${scene.name} stranger` }],
  },
  {
    title: 'a second receiver that has pacts with others only',
    pact: events,
    given: async (scene) => {
      const options = { consumer: `${scene.name} mail`, version: 'm1' };
      const elsewhere = promises([anEvent('bill.sent')]);
      await scene.publish(elsewhere, { ...options, provider: `${scene.name} bills` });
      await scene.record(`${scene.name} mail`, 'm1');
    },
    exports: (scene) => [scene.receives('order.placed', { consumer: scene.sender('mail', 'm1') })],
    finds: (scene) => [
      {
        kind: 'uncovered-call',
        consumer: `${scene.name} mail`,
        operation: 'send order.placed',
        words: 'without any pact between the two',
      },
    ],
  },
];
