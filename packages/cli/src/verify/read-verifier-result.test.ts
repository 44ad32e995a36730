import { describe, expect, test } from 'vitest';
import { readVerifierAnswer } from './read-verifier-result.ts';
import type { TracedInteraction } from './trace-pact.ts';

function traced(key: string): TracedInteraction {
  return {
    key,
    id: `broker-${key}`,
    description: `interaction ${key}`,
    providerStates: [],
    transport: 'http',
    traceId: `trace-${key}`,
    traceparent: `parent-${key}`,
  };
}

function read(result: unknown, keys: readonly string[] = ['a']) {
  const answer = { kind: 'result', json: JSON.stringify(result) } as const;
  return readVerifierAnswer(answer, keys.map(traced));
}

describe('the verifier’s answer', () => {
  test('a kept interaction has no mismatches and the time it took', () => {
    const results = [{ interactionId: 'a', result: 'OK', duration: '1m 2.5s' }];
    expect(read({ interactionResults: results })[0]).toEqual({
      id: 'broker-a',
      description: 'interaction a',
      providerStates: [],
      transport: 'http',
      traceId: 'trace-a',
      success: true,
      seconds: 62.5,
      mismatches: [],
      isTraced: false,
      spans: [],
    });
  });

  test.each([
    { duration: '187ms', seconds: 0.187 },
    { duration: '1.126s', seconds: 1.126 },
    { duration: '12µs', seconds: 12e-6 },
    { duration: undefined, seconds: 0 },
  ])('$duration are $seconds seconds', ({ duration, seconds }) => {
    const [verdict] = read({
      interactionResults: [{ interactionId: 'a', result: 'OK', duration }],
    });
    expect(verdict?.seconds).toBeCloseTo(seconds, 9);
  });

  test.each([
    {
      caption: 'a body mismatch',
      mismatch: { mismatches: [{ type: 'BodyMismatch', path: '$.a', mismatch: 'was 2' }] },
      told: { attribute: 'body', identifier: '$.a', description: 'was 2' },
    },
    {
      caption: 'a header mismatch',
      mismatch: { mismatches: [{ type: 'HeaderMismatch', key: 'X-A', mismatch: 'missing' }] },
      told: { attribute: 'header', identifier: 'X-A', description: 'missing' },
    },
    {
      caption: 'a status mismatch without words',
      mismatch: { mismatches: [{ type: 'StatusMismatch', expected: 200, actual: '500' }] },
      told: { attribute: 'status', identifier: '', description: 'expected 200 but was 500' },
    },
    {
      caption: 'a provider state that failed',
      mismatch: { type: 'error', message: 'state change failed' },
      told: { attribute: 'request', identifier: '', description: 'state change failed' },
    },
    {
      caption: 'a failure without a word',
      mismatch: {},
      told: { attribute: 'request', identifier: '', description: 'The verifier gave no reason.' },
    },
  ])('$caption is told', ({ mismatch, told }) => {
    const errors = [{ mismatch: { ...mismatch, interactionId: 'a' } }];
    const interactionResults = [{ interactionId: 'a', result: 'Error' }];
    expect(read({ interactionResults, errors })[0]).toMatchObject({
      success: false,
      mismatches: [told],
    });
    expect(read({ interactionResults, pendingErrors: errors })[0]?.mismatches).toEqual([told]);
  });

  test('a failure is told with the interaction it belongs to and no other', () => {
    const interactionResults = [
      { interactionId: 'a', result: 'Error' },
      { interactionId: 'b', result: 'OK' },
    ];
    const errors = [{ mismatch: { interactionId: 'a', message: 'broken' } }, {}];
    const verdicts = read({ interactionResults, errors }, ['a', 'b']);
    expect(verdicts.map(({ success }) => success)).toEqual([false, true]);
  });

  test('a failure that no error explains is still a failure', () => {
    const [verdict] = read({ interactionResults: [{ interactionId: 'a', result: 'Error' }] });
    expect(verdict?.mismatches[0]?.description).toBe('The verifier gave no reason.');
  });

  test('an interaction without a result is never taken as kept', () => {
    expect(read({})[0]).toMatchObject({
      success: false,
      mismatches: [{ description: 'The verifier gave no result for it.' }],
    });
  });

  test('a verifier that died fails all it had to do, and says where it was', () => {
    const answer = { kind: 'defect', message: 'It crashed.', lastTraceparent: 'parent-b' } as const;
    const verdicts = readVerifierAnswer(answer, ['a', 'b'].map(traced));
    expect(verdicts.map(({ success }) => success)).toEqual([false, false]);
    expect(verdicts[0]?.mismatches[0]?.description).toBe(
      "It crashed. It was last at 'interaction b'.",
    );
    const nowhere = readVerifierAnswer({ ...answer, lastTraceparent: undefined }, [traced('a')]);
    expect(nowhere[0]?.mismatches[0]?.description).toBe('It crashed.');
  });
});
