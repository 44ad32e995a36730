import { describe, expect, test } from 'vitest';
import { findingIdentity } from './finding-identity.ts';
import { type FindingFacts, findingSentence } from './finding-sentence.ts';

function facts(more: Partial<FindingFacts>): FindingFacts {
  return {
    kind: 'uncovered-call',
    consumer: 'web',
    provider: 'shop',
    environment: 'production',
    operation: 'GET /v1/orders/{id}',
    providerVersions: ['7'],
    statuses: [],
    promisedStatuses: [],
    hasPact: true,
    mismatches: [],
    evidence: { window: 7200, calls: 120, sampleRate: 1 },
    ...more,
  };
}

describe('the sentence of a finding', () => {
  test.each<readonly [string, Partial<FindingFacts>, string]>([
    [
      'uncovered call',
      {},
      'web calls GET /v1/orders/{id} of shop in production, which none of its pacts promises. Add an interaction for it to the pact of web with shop and verify it, or stop using it.',
    ],
    [
      'uncovered event without any pact',
      { operation: 'send order.placed', hasPact: false, environment: undefined },
      'web receives order.placed from shop without any pact between the two. Write a consumer test for it in web and publish the pact, or stop using it.',
    ],
    [
      'one unpromised status',
      { kind: 'unpromised-status', statuses: ['402'], promisedStatuses: [201] },
      'shop answers 402 to GET /v1/orders/{id} of web in production; the pact promises only 201. Add an interaction with status 402 to the pact of web, with the provider state that leads to it, or correct what shop answers.',
    ],
    [
      'several unpromised statuses',
      { kind: 'unpromised-status', statuses: ['402', '409', '422'], promisedStatuses: [200, 201] },
      'shop answers 402, 409 and 422 to GET /v1/orders/{id} of web in production; the pact promises only 200 or 201. Add an interaction with status 402, 409 and 422 to the pact of web, with the provider state that leads to it, or correct what shop answers.',
    ],
    [
      'an unpromised status whose promise is gone',
      { kind: 'unpromised-status', statuses: ['402'], operation: undefined },
      'shop answers 402 to an operation of web in production; the pact promises another status. Add an interaction with status 402 to the pact of web, with the provider state that leads to it, or correct what shop answers.',
    ],
    [
      'unused operation',
      { kind: 'not-seen' },
      'The pact of web with shop promises GET /v1/orders/{id}, but none of the last 120 calls within 2 hours in production used it. Remove the interaction from the pact when web no longer needs it.',
    ],
    [
      'unused event, seen for a moment',
      {
        kind: 'not-seen',
        operation: 'send order.placed',
        evidence: { window: 0.2, calls: 20, sampleRate: 1 },
      },
      'The pact of web with shop promises order.placed, but none of the last 20 calls within 1 second in production used it. Remove the interaction from the pact when web no longer needs it.',
    ],
    [
      'unrecorded version',
      { kind: 'unrecorded-version', consumer: undefined, operation: undefined },
      'Version 7 of shop runs in production but is not recorded as deployed there. Record it (concordat record-deployment --pacticipant shop --version 7 --environment production), or stop it.',
    ],
    [
      'two unrecorded versions',
      { kind: 'unrecorded-version', environment: undefined, providerVersions: ['7', '8'] },
      'Versions 7 and 8 of shop run but are not recorded as deployed there. Record it (concordat record-deployment --pacticipant shop --version 7 --environment ; concordat record-deployment --pacticipant shop --version 8 --environment ), or stop it.',
    ],
    [
      'unknown consumer',
      { kind: 'unknown-consumer' },
      'web calls shop in production and no contract knows it. Publish a pact of web with shop, or name the service as its pacticipant is named.',
    ],
    [
      'unknown provider',
      { kind: 'unknown-provider', consumer: undefined },
      'an unknown consumer calls shop in production, which no contract knows. Publish a pact of an unknown consumer with shop, or name the service as its pacticipant is named.',
    ],
    [
      'broken promise',
      {
        kind: 'broken-promise',
        mismatches: [
          { part: 'body', rule: 'type', pointer: '/items/*/sku' },
          { part: 'body', rule: 'json', pointer: '' },
        ],
      },
      'shop answers GET /v1/orders/{id} in production other than it promises web: body /items/*/sku fails its rule type and body fails its rule json. Look at the trace, and correct what shop sends, or the pact of web.',
    ],
    [
      'broken promise in many places',
      {
        kind: 'broken-promise',
        operation: 'send order.placed',
        mismatches: Array.from({ length: 7 }, (_, index) => ({
          ...{ part: 'body' as const, rule: 'required', pointer: `/${index}` },
        })),
      },
      'shop sends order.placed in production other than it promises web: body /0 fails its rule required, body /1 fails its rule required, body /2 fails its rule required, body /3 fails its rule required, body /4 fails its rule required and 2 more. Look at the trace, and correct what shop sends, or the pact of web.',
    ],
    [
      'broken promise of which the guard tells no place',
      { kind: 'broken-promise', environment: undefined },
      'shop answers GET /v1/orders/{id} other than it promises web. Look at the trace, and correct what shop sends, or the pact of web.',
    ],
    [
      'undeclared event',
      { kind: 'undeclared-event', operation: 'send order.placed' },
      'shop sends order.placed in production, which its AsyncAPI document does not declare. Declare it, or stop sending it.',
    ],
    [
      'silent event',
      { kind: 'silent-event', operation: undefined },
      'shop declares an event, but none of the last 120 messages it sent within 2 hours in production was that. Remove it from the AsyncAPI document when it is gone.',
    ],
    [
      'silent version',
      { kind: 'silent-version' },
      'Version 7 of shop is recorded as deployed in production and sends nothing, although others of it do. Look why, or record what runs (concordat record-deployment --pacticipant shop --version <version> --environment production).',
    ],
    [
      'silent versions',
      { kind: 'silent-version', providerVersions: ['7', '8'], environment: undefined },
      'Versions 7 and 8 of shop are recorded as deployed and send nothing, although others of it do. Look why, or record what runs (concordat record-deployment --pacticipant shop --version <version> --environment ).',
    ],
    [
      'unused for days',
      { kind: 'not-seen', evidence: { window: 90_000, calls: 3, sampleRate: 1 } },
      'The pact of web with shop promises GET /v1/orders/{id}, but none of the last 3 calls within 1 day in production used it. Remove the interaction from the pact when web no longer needs it.',
    ],
  ])('%s', (...[, more, sentence]) => {
    expect(findingSentence(facts(more))).toBe(sentence);
  });
});

test('two sightings are one finding when kind, peers, environment and operation agree', () => {
  const one = facts({});
  expect(findingIdentity(one)).toBe(findingIdentity(facts({ statuses: ['500'] })));
  const others = [
    facts({ kind: 'not-seen' }),
    facts({ consumer: undefined }),
    facts({ provider: 'x' }),
    facts({ environment: undefined }),
    facts({ operation: undefined }),
  ];
  expect(new Set([one, ...others].map(findingIdentity)).size).toBe(6);
});
