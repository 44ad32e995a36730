import { expect, test } from 'vitest';
import type { JsonValue } from '../json/json-value.ts';
import { parseJson } from '../json/parse-json.ts';
import { writeJson } from '../json/write-json.ts';
import { readVerificationRequest } from './verification-request.ts';

function json(value: unknown): JsonValue {
  const result = parseJson(typeof value === 'string' ? value : JSON.stringify(value));
  if (!result.ok) throw new Error(result.defect.message);
  return result.value;
}

function read(value: unknown) {
  return readVerificationRequest(json(value), (text) => text.startsWith('http'));
}

const minimal = { success: true, providerApplicationVersion: '1' };

test.each<readonly [unknown, Readonly<Record<string, readonly string[]>>]>([
  [[], { '': ['must be a hash'] }],
  [{}, { success: ['is missing'], providerApplicationVersion: ['is missing'] }],
  [{ ...minimal, success: 'true' }, { success: ['must be boolean'] }],
  [
    { ...minimal, providerApplicationVersion: null },
    { providerApplicationVersion: ['must be filled'] },
  ],
  [
    { ...minimal, providerApplicationVersion: 5 },
    { providerApplicationVersion: ['must be a string'] },
  ],
  [
    { ...minimal, providerApplicationVersion: ' ' },
    { providerApplicationVersion: ['cannot be blank'] },
  ],
  [
    { ...minimal, providerApplicationVersion: 'a\nb' },
    { providerApplicationVersion: ['cannot contain multiple lines'] },
  ],
  [
    { ...minimal, buildUrl: 'not a url' },
    { buildUrl: ['is not a valid URL eg. http://example.org'] },
  ],
  [{ ...minimal, buildUrl: 5 }, { buildUrl: ['must be a string'] }],
  [{ ...minimal, verifiedBy: 'me' }, { verifiedBy: ['must be a hash'] }],
])('%j is refused', (body, defects) => {
  expect(read(body)).toEqual({ ok: false, defects });
});

test('what is not sent is not there', () => {
  expect(read({ ...minimal, buildUrl: null, verifiedBy: null, testResults: null })).toEqual({
    ok: true,
    verification: {
      success: true,
      providerVersion: '1',
      buildUrl: undefined,
      testResults: undefined,
      verifiedBy: undefined,
      interactions: [],
    },
  });
});

test('test results of any shape are kept without loss', () => {
  const reading = read(
    '{"success":false,"providerApplicationVersion":"1","buildUrl":"http://ci","verifiedBy":{"implementation":"x"},"testResults":{"b":1.0,"a":12345678901234567890}}',
  );
  if (!reading.ok) throw new Error('refused');
  const { testResults, verifiedBy, buildUrl } = reading.verification;
  expect(testResults && writeJson(testResults)).toBe('{"b":1.0,"a":12345678901234567890}');
  expect(verifiedBy && writeJson(verifiedBy)).toBe('{"implementation":"x"}');
  expect(buildUrl).toBe('http://ci');
});

test('results by interaction are read from the test results', () => {
  const reading = read({ ...minimal, testResults: [{ interactionId: 'i', success: true }] });
  if (!reading.ok) throw new Error('refused');
  expect(reading.verification.interactions).toMatchObject([{ interactionId: 'i', success: true }]);
});
