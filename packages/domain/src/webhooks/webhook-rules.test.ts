import { describe, expect, test } from 'vitest';
import { attemptOutcome, attemptsRemaining } from './webhook-attempts.ts';
import { publicationEvents, verificationEvents } from './webhook-event.ts';
import {
  hideSecrets,
  keepSecretHeaders,
  REDACTED,
  redactHeaders,
  secretsOf,
} from './webhook-secrets.ts';
import { webhookScope } from './webhook-texts.ts';

describe('events', () => {
  test.each([
    [{ contentChanged: false, requiresVerification: false }, ['contract_published']],
    [
      { contentChanged: true, requiresVerification: true },
      [
        'contract_published',
        'contract_requiring_verification_published',
        'contract_content_changed',
      ],
    ],
  ])('a publication with %j raises %j', (facts, events) => {
    expect(publicationEvents(facts)).toEqual(events);
  });

  test('a result raises that it is there, and how it went', () => {
    expect(verificationEvents(true)).toEqual([
      'provider_verification_published',
      'provider_verification_succeeded',
    ]);
    expect(verificationEvents(false)[1]).toBe('provider_verification_failed');
  });
});

describe('attempts', () => {
  const retrySchedule = [10, 60];
  test.each([
    ['the first try', { success: true, attemptsMade: 1 }, 'success', undefined],
    ['a first failure', { success: false, attemptsMade: 1 }, 'retrying', 10],
    ['a second failure', { success: false, attemptsMade: 2 }, 'retrying', 60],
    [
      'a failure when the schedule is used up',
      { success: false, attemptsMade: 3 },
      'failure',
      undefined,
    ],
    ['a late success', { success: true, attemptsMade: 3 }, 'success', undefined],
  ])('%s', (...[, attempt, status, retryInSeconds]) => {
    expect(attemptOutcome({ ...attempt, retrySchedule })).toEqual({ status, retryInSeconds });
  });

  test.each([
    ['not_run', 0, 3],
    ['retrying', 1, 2],
    ['retrying', 9, 0],
    ['success', 1, 0],
    ['failure', 3, 0],
  ] as const)('%s after %i attempts leaves %i', (status, attemptsMade, left) => {
    expect(attemptsRemaining({ status, attemptsMade, retrySchedule })).toBe(left);
  });
});

describe('secrets', () => {
  test.each([
    ['authorization', 'Bearer abc', REDACTED],
    ['x-auth-token', 'abc', REDACTED],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
    ['authorization', 'Bearer ${pactbroker.buildUrl}', 'Bearer ${pactbroker.buildUrl}'],
    ['content-type', 'text/plain', 'text/plain'],
  ])('header %s: %s is shown as %s', (name, value, shown) => {
    expect(redactHeaders({ [name]: value })).toEqual({ [name]: shown });
  });

  test('what comes back hidden stays what it was', () => {
    const stored = { authorization: 'Bearer abc' };
    expect(keepSecretHeaders({ authorization: REDACTED, 'x-a': '1' }, stored)).toEqual({
      authorization: 'Bearer abc',
      'x-a': '1',
    });
    expect(keepSecretHeaders({ token: REDACTED }, stored)).toEqual({ token: REDACTED });
    expect(keepSecretHeaders({ authorization: 'new' }, stored)).toEqual({ authorization: 'new' });
  });
});

describe('the scope in words', () => {
  const web = { kind: 'name', name: 'web' } as const;
  const shop = { kind: 'name', name: 'shop' } as const;
  const all = { kind: 'all' } as const;
  const label = { kind: 'label', label: 'x' } as const;
  test.each([
    [web, shop, 'A webhook for the pact between web and shop'],
    [all, shop, 'A webhook for all pacts with provider shop'],
    [web, all, 'A webhook for all pacts with consumer web'],
    [all, all, 'A webhook for all pacts'],
    [label, all, "A webhook for all pacts with consumer labeled 'x'"],
    [label, shop, "A webhook for all pacts with consumer labeled 'x' and provider shop"],
  ])('%j and %j', (consumer, provider, text) => {
    expect(webhookScope({ consumer, provider })).toBe(text);
  });
});

describe('secrets that were sent', () => {
  const headers = { authorization: 'Bearer s3cr"t', 'x-token': 'ab/cd', accept: 'text/plain' };
  const secrets = secretsOf(headers, ['pass word', undefined, 'abc']);

  test.each([
    ['the whole header', 'authorization: Bearer s3cr"t', `authorization: ${REDACTED}`],
    ['what stands behind its scheme', 'got s3cr"t', `got ${REDACTED}`],
    ['JSON', '{"echo":"s3cr\\"t"}', `{"echo":"${REDACTED}"}`],
    ['a URL', '/x?t=ab%2Fcd', `/x?t=${REDACTED}`],
    ['a password', 'pass word', REDACTED],
  ])('are hidden in a text that has them as %s', (...[, text, hidden]) => {
    expect(hideSecrets(text, secrets)).toBe(hidden);
  });

  test('are not looked for when they are so short that they stand everywhere', () => {
    expect(hideSecrets('abc text/plain', secrets)).toBe('abc text/plain');
  });
});
