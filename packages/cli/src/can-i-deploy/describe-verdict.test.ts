import type { ReasonResource } from '@concordat/api';
import { expect, test } from 'vitest';
import type { CanIDeployVerdict } from './can-i-deploy.ts';
import { describeVerdict } from './describe-verdict.ts';

const NOW = new Date('2026-02-20T00:00:00.000Z');

function aReason(changes: Partial<ReasonResource> = {}): ReasonResource {
  return {
    kind: 'not-verified',
    situation: 'not-verified',
    blocking: true,
    text: 'There is no verified pact',
    consumer: { name: 'web', version: '1' },
    provider: { name: 'shop', version: null },
    whoMustAct: { role: 'provider', name: 'shop' },
    since: '2026-02-17T00:00:00+00:00',
    pending: null,
    explanation: ['shop must verify it.'],
    interactions: null,
    _links: {},
    ...changes,
  };
}

function verdict(changes: Partial<CanIDeployVerdict>): string {
  const base = { deployable: false, reason: '', unknown: 0, notices: [], reasons: [] };
  return describeVerdict({ ...base, ...changes }, NOW);
}

const error = (text: string) => ({ type: 'error', text });

test('yes, in the words of the hub', () => {
  const notices = [{ type: 'success', text: 'All is fine\n' }];
  expect(verdict({ deployable: true, notices })).toBe('✓ yes\n  All is fine');
});

test('an answer without notices and reasons, as a Pact Broker may give it', () => {
  expect(verdict({ deployable: null, reason: 'Nobody knows' })).toBe(
    '? cannot tell yet\n  Nobody knows',
  );
});

test('a missing result: how long it is missing and whose turn it is', () => {
  const text = 'There is no verified pact';
  expect(verdict({ deployable: null, notices: [error(text)], reasons: [aReason()] })).toBe(
    `? cannot tell yet
  There is no verified pact
      shop must verify it.
      → since 3 days ago, turn of shop (provider)`,
  );
});

test('a failure: which interactions, and what was wrong with them', () => {
  const reason = aReason({
    text: 'It failed',
    since: null,
    whoMustAct: null,
    explanation: [],
    interactions: {
      total: 9,
      reported: true,
      failed: 3,
      items: [
        {
          id: 'a',
          description: 'get a thing',
          providerStates: ['it exists', ''],
          pending: true,
          mismatches: [
            { attribute: 'body', identifier: '$.id', description: 'Expected 1\n-1\n+2' },
            { attribute: null, identifier: null, description: 'odd' },
          ],
          moreMismatches: 2,
          lastKeptBy: { version: '7', verifiedAt: '2026-02-18T00:00:00+00:00' },
          traceId: 'abc',
        },
        {
          id: 'b',
          description: '',
          providerStates: [],
          pending: false,
          mismatches: [],
          moreMismatches: 0,
          lastKeptBy: null,
          traceId: null,
        },
      ],
    },
    _links: { 'concordat:interactions': { href: 'http://hub/interactions' } },
  });
  expect(verdict({ notices: [error('It failed')], reasons: [reason] })).toBe(
    `✕ no
  It failed
      3 of 9 interactions failed:
      ✕ get a thing (given it exists), pending
          body $.id: Expected 1 …
          odd
          … and 2 more
          last kept by version 7, 2 days ago
          trace abc
      ✕ b
      … and 1 more
      http://hub/interactions`,
  );
});

test('equal sentences each have their own reason, and a silent verifier is called so', () => {
  const silent = { total: 1, reported: false, failed: 0, items: [] };
  const [one, two] = [
    aReason({ interactions: silent, explanation: ['one'], since: null }),
    aReason({ explanation: ['two'], since: null }),
  ];
  const text = 'There is no verified pact';
  expect(verdict({ notices: [error(text), error(text)], reasons: [one, two] })).toBe(
    `✕ no
  There is no verified pact
      The verifier did not say which interactions failed.
      one
      → turn of shop (provider)
  There is no verified pact
      two
      → turn of shop (provider)`,
  );
});
