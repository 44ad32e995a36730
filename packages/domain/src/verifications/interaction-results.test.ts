import { expect, test } from 'vitest';
import { parseJson } from '../json/parse-json.ts';
import { readInteractionResults } from './interaction-results.ts';

function read(testResults: unknown): readonly object[] {
  const json = parseJson(JSON.stringify(testResults));
  if (!json.ok) throw new Error('no JSON');
  return readInteractionResults(json.value).map((result) =>
    Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined)),
  );
}

test('nothing sent says nothing', () => {
  expect(readInteractionResults(undefined)).toEqual([]);
});

test.each<readonly [string, unknown, readonly object[]]>([
  [
    'the Rust verifier',
    [
      { interactionId: 'i1', success: true },
      {
        interactionId: 'i2',
        interactionDescription: 'get hello',
        success: false,
        mismatches: [
          { attribute: 'status', description: 'expected 200 but was 500' },
          { attribute: 'body', identifier: '$.a', description: 'Expected 1.0 to be an integer' },
        ],
        exceptions: [{ message: 'connection refused' }],
      },
    ],
    [
      { interactionId: 'i1', success: true, mismatches: [] },
      {
        interactionId: 'i2',
        description: 'get hello',
        success: false,
        mismatches: [
          {
            attribute: 'status',
            identifier: undefined,
            description: 'expected 200 but was 500',
          },
          {
            attribute: 'body',
            identifier: '$.a',
            description: 'Expected 1.0 to be an integer',
          },
          { attribute: 'exception', identifier: undefined, description: 'connection refused' },
        ],
      },
    ],
  ],
  [
    'the JVM',
    [
      { interactionId: 'i', testDescription: 't', success: true },
      {
        interactionId: 'j',
        success: false,
        mismatches: [{ attribute: 'header', identifier: 'X', description: null, diff: [1] }],
        exceptions: [{ message: 'no route', exceptionClass: 'java.net.ConnectException' }],
      },
    ],
    [
      { interactionId: 'i', description: 't', success: true, mismatches: [] },
      {
        interactionId: 'j',
        success: false,
        mismatches: [
          {
            attribute: 'header',
            identifier: 'X',
            description: '{"attribute":"header","identifier":"X","description":null,"diff":[1]}',
          },
          {
            attribute: 'exception',
            identifier: 'java.net.ConnectException',
            description: 'no route',
          },
        ],
      },
    ],
  ],
  [
    'the Ruby verifier',
    {
      tests: [
        {
          testDescription: 'has status code 200',
          interactionDescription: 'get hello',
          interactionProviderState: 'a greeting exists',
          status: 'failed',
          exception: { class: 'RSpec::ExpectationNotMet', message: 'expected: 200 got: 500' },
          differences: [{ description: 'Expected 200 but got 500' }],
        },
        {
          testDescription: 'has a matching body',
          interactionDescription: 'get hello',
          status: 'failed',
          exception: { class: 'RuntimeError', message: 'boom' },
          differences: [],
        },
        { fullDescription: 'c', status: 'passed', exception: null },
      ],
      summary: { testCount: 3, failureCount: 2 },
    },
    [
      {
        description: 'get hello',
        providerState: 'a greeting exists',
        success: false,
        mismatches: [
          {
            attribute: undefined,
            identifier: undefined,
            description: 'Expected 200 but got 500',
          },
        ],
      },
      {
        description: 'get hello',
        success: false,
        mismatches: [{ attribute: 'exception', identifier: 'RuntimeError', description: 'boom' }],
      },
      { description: 'c', success: true, mismatches: [] },
    ],
  ],
  [
    'an older Ruby verifier',
    { examples: [{ description: 'd', status: 'pending', exception: null }] },
    [{ description: 'd', success: false, mismatches: [] }],
  ],
  [
    'our own runner',
    [{ interactionId: 'i', success: true, mismatches: [], traceId: 'abc' }],
    [{ interactionId: 'i', success: true, mismatches: [], traceId: 'abc' }],
  ],
  [
    'others',
    [
      5,
      { success: true },
      { interactionId: 'x' },
      { _id: 'y', interactionId: '', success: true },
      { interactionId: 'z', success: false, mismatches: ['as text', 7] },
    ],
    [
      { interactionId: 'y', success: true, mismatches: [] },
      {
        interactionId: 'z',
        success: false,
        mismatches: [
          { attribute: undefined, identifier: undefined, description: 'as text' },
          { attribute: undefined, identifier: undefined, description: '7' },
        ],
      },
    ],
  ],
  ['a text', 'fine', []],
  ['an object without tests', { summary: 1 }, []],
])('results by interaction are read from what %s sends', (_name, testResults, expected) => {
  expect(read(testResults)).toEqual(expected);
});
